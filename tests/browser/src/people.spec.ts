/** A person is found, shown with what imports did, and invited again. */

import { roster } from "./rosters.ts";
import { expect, test } from "./rollcall.ts";

const family = roster("family.csv", [
  {
    Email: "ann@people.example.com",
    StudentFirstName: "Ann",
    StudentLastName: "Lee",
    Address1StreetAddress1: "1 Hill Road",
    PSOId: "111111",
    ParentEmail: "pia@people.example.com",
    ParentFirstName: "Pia",
    ParentLastName: "Berg",
  },
  { Email: "", StudentFirstName: "Cy", StudentLastName: "Moore", Address1StreetAddress1: "9 Elm Street" },
]);

test("a person is found by what identifies it, shown, and sent another mail", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=people");
  await rollcall.choose(family, { invite: true });
  await rollcall.send();
  await rollcall.confirm();
  await rollcall.finished();
  const made = page.url();
  await expect(page.getByText("2 of 2 sent")).toBeVisible();
  const before = await rollcall.mails();

  const search = page.getByRole("searchbox", { name: "E-mail address, user name or external ID" });
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "People" }).click();
  await expect(rollcall.heading("People")).toBeFocused();
  await rollcall.accessible("people");
  await search.fill("Ann Lee");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Nobody is found by that" })).toBeVisible();
  await rollcall.accessible("nobody found");
  await search.fill(" ANN@people.example.com ");
  await page.keyboard.press("Enter");
  await expect(page.getByText("found by e-mail address")).toBeVisible();
  await rollcall.accessible("people who are found");

  await page.getByRole("link", { name: "Ann Lee" }).click();
  await expect(rollcall.heading("Ann Lee")).toBeFocused();
  await expect(page.getByText("Enrolled in 111111")).toBeVisible();
  await expect(page.getByText("1 Hill Road")).toBeVisible();
  await rollcall.accessible("a person");
  await expect(page.getByText(/^Sent .*\d{4}/)).toBeVisible();
  await page.getByRole("button", { name: "Send it again" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Waits to be sent.")).toBeVisible();
  await expect(page.getByRole("status").getByText("It goes out with the next e-mails.")).toBeVisible();
  await rollcall.accessible("a person who is invited again");
  await expect.poll(() => rollcall.mails()).toBe(before + 1);
  await page.getByRole("link", { name: "family.csv" }).first().click();
  await rollcall.finished();
  expect(page.url()).toBe(made);
});

test("ties lead to people, and who has no address or is not there is said to be so", async ({
  page,
  rollcall,
}) => {
  await rollcall.open("/?organisation=ties");
  await rollcall.choose(family);
  await rollcall.send();
  await rollcall.confirm();
  await rollcall.finished();
  await rollcall.open("/?organisation=ties#/people");
  const search = page.getByRole("searchbox");
  await search.fill("pia@people.example.com");
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("link", { name: "Pia Berg" }).click();
  await expect(page.getByText("Parent on 111111 of")).toBeVisible();
  await page.getByRole("link", { name: "Ann Lee" }).click();
  await expect(rollcall.heading("Ann Lee")).toBeVisible();

  await page.getByRole("link", { name: "Find somebody else" }).click();
  await search.fill("Cy, Moore, 9 Elm Street, 80202");
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("link", { name: "Cy Moore" }).click();
  await expect(page.getByText("The person has no e-mail address, so none can be sent.")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Send/ })).toHaveCount(0);

  await rollcall.open("/?organisation=ties#/people/0193a5c0-0000-7000-8000-000000000001");
  await expect(page.getByRole("heading", { name: "There is no such person" })).toBeVisible();
  await rollcall.accessible("nobody at this address");
});

for (const { width, colorScheme } of [
  { width: 1360, colorScheme: "light" },
  { width: 360, colorScheme: "dark" },
] as const) {
  test.describe(`${width} pixels, ${colorScheme}`, () => {
    test.use({ viewport: { width, height: 800 }, colorScheme, locale: "de-DE" });

    test("a person fits the screen, in German", async ({ page, rollcall }) => {
      const robert = { Email: "robert@wide.example.com", StudentFirstName: "Robert" };
      for (const [name, row] of [
        ["erste.csv", robert],
        ["zweite.csv", { ...robert, Email: "bob@wide.example.com", StudentFirstName: "Bob" }],
      ] as const) {
        await rollcall.open(`/?organisation=wide-${width}`);
        await rollcall.drop(roster(name, [row]));
        await page.getByRole("button", { name: "Hochladen und vergleichen" }).click();
        await expect(page.getByText("Das würde der Import tun.")).toBeVisible();
        if (name === "zweite.csv") break;
        await page.getByRole("link", { name: "Weiter zum Bestätigen" }).click();
        await page.getByRole("button", { name: "1 Zeile importieren" }).click();
        await expect(page.getByText(/^Fertig am/)).toBeVisible();
      }
      const fits = async (step: string) => {
        const path = `results/screenshots/${width}-${colorScheme}-${step}.png`;
        await page.screenshot({ path, fullPage: true, animations: "disabled" });
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wider, step).toBeLessThanOrEqual(0);
        await rollcall.accessible(step);
      };
      await expect(page.getByRole("group", { name: "Zeile 2: Bob Number0" })).toBeVisible();
      await expect(page.getByRole("row", { name: "Vorname Robert Bob" })).toBeVisible();
      await fits("duplicates");
      await page.getByRole("link", { name: "Personen" }).click();
      await page.getByRole("searchbox").fill("robert@wide.example.com");
      await page.keyboard.press("Enter");
      await expect(page.getByText("gefunden über die E-Mail-Adresse")).toBeVisible();
      await fits("people");
      await page.getByRole("link", { name: "Robert Number0" }).click();
      await expect(page.getByRole("link", { name: "erste.csv" }).first()).toBeVisible();
      await fits("person");
    });
  });
}
