/** The new people of an import that did not invite them are invited later, once. */

import { roster } from "./rosters.ts";
import { expect, test } from "./rollcall.ts";

test("new people are invited later, and a second time is not offered", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=later");
  const before = await rollcall.mails();
  const people = [{ Email: "ann@later.example.com" }, { Email: "bo@later.example.com" }, { Email: "" }];
  await rollcall.choose(roster("later.csv", people));
  await rollcall.send();
  await rollcall.confirm();
  await rollcall.finished();
  await expect(page.getByText("2 new people have an address and have not been invited.")).toBeVisible();
  await rollcall.accessible("people who can be invited later");
  expect(await rollcall.mails()).toBe(before);

  await page.getByRole("button", { name: "Invite 2 people now" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("2 people will get a registration e-mail.").first()).toBeVisible();
  await expect(page.getByRole("button", { name: /^Invite/ })).toHaveCount(0);
  await rollcall.accessible("people who are invited later");
  await expect.poll(() => rollcall.mails()).toBe(before + 2);
  await expect(page.getByText("2 of 2 sent")).toBeVisible();
  await page.reload();
  await expect(page.getByText("2 of 2 sent")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Invite/ })).toHaveCount(0);
});
