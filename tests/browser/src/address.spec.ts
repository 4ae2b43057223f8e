/** An import has an address of its own; reloading, closing and coming back lose nothing. */

import { mixed } from "./rosters.ts";
import { expect, test } from "./rollcall.ts";

test("an import goes on at its address after a reload, and is in the history", async ({
  page,
  context,
  rollcall,
}) => {
  await rollcall.open("/?organisation=address");
  await rollcall.choose(mixed("address"));
  await rollcall.send();
  await page.reload();
  await expect(page.getByText("This is what the import would do.")).toBeVisible();
  const address = page.url();

  await page.getByRole("link", { name: "Continue to confirm" }).click();
  await page.reload();
  await expect(rollcall.heading("Confirm")).toBeVisible();
  await page.getByRole("button", { name: "Import 4 rows" }).click();
  // A page that is closed at once may not have said it yet.
  await expect(rollcall.heading("Results")).toBeVisible();
  await page.close();

  const another = await context.newPage();
  await another.goto(address);
  await expect(another.getByText(/^Finished/)).toBeVisible();
  await another.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "History" }).click();
  const row = another.getByRole("row").filter({ hasText: "address.csv" });
  await expect(row).toContainText("Finished");
  await expect(row).toContainText("3 created, 0 updated, 2 rejected");
  await row.getByRole("link").click();
  await expect(another.getByText(/^Finished/)).toBeVisible();
});

test("an organisation without imports has an empty history", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=nobody#/imports");
  await expect(page.getByRole("heading", { name: "No imports yet" })).toBeVisible();
  await rollcall.accessible("empty history");
});

test("another organisation's import is not found", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=mine");
  await rollcall.choose(mixed("mine"));
  await rollcall.send();
  const { hash } = new URL(page.url());
  await rollcall.open(`/?organisation=theirs${hash}`);
  await expect(page.getByRole("heading", { name: "No such import" })).toBeVisible();
  await rollcall.accessible("missing import");
});

test("a lost connection is said, and the upload goes on when it is back", async ({
  page,
  context,
  rollcall,
}) => {
  await rollcall.open("/?organisation=offline");
  await rollcall.choose(mixed("offline"));
  await expect(rollcall.figure("rows")).toHaveText("6");
  await context.setOffline(true);
  await page.getByRole("button", { name: "Upload and compare" }).click();
  await expect(page.getByRole("heading", { name: "No connection" })).toBeVisible();
  await rollcall.accessible("offline");
  await context.setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("This is what the import would do.")).toBeVisible();
});

test("a token in the address is taken out of it", async ({ page, rollcall }) => {
  const issued = await page.request.get("/dev/token?organisation=bytoken");
  const { token } = (await issued.json()) as { token: string };
  await rollcall.open(`/#token=${token}`);
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "History" }).click();
  await expect(page.getByText("admin@bytoken.example")).toBeVisible();
  expect(page.url()).not.toContain("token");
});
