/** A person is found, shown with what imports did, and invited again. */

import { rm } from "node:fs/promises";
import { join } from "node:path";

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

test("each import that changed a person says what it changed", async ({ page, rollcall, stack }) => {
  const ann = { Email: "ann@changed.example.com", StudentFirstName: "Ann", StudentLastName: "Lee" };
  const files = [
    roster("autumn.csv", [{ ...ann, Address1City: "Denver", PSOId: "111111" }]),
    roster("spring.csv", [{ ...ann, Address1City: "Boulder", PSOId: "222222" }]),
  ];
  for (const file of files) {
    await rollcall.open("/?organisation=changed");
    await page.getByRole("radio", { name: /^Update/ }).check();
    await rollcall.choose(file);
    await rollcall.send();
    await rollcall.confirm();
    await rollcall.finished();
  }
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("link", { name: "Continue to confirm" }).click();
  await page.getByRole("button", { name: "Undo the import" }).click();
  await rollcall.finished();
  const undone = page.url();

  await rollcall.open("/?organisation=changed#/people");
  await page.getByRole("searchbox").fill(ann.Email);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Ann Lee" }).click();
  await expect(page.getByRole("heading", { name: "Imports that changed this person" })).toBeVisible();
  const from = (file: string) =>
    page.getByRole("listitem").filter({ has: page.getByRole("link", { name: file, exact: true }) });
  const [undo, spring, autumn] = [from("Undo of spring.csv"), from("spring.csv"), from("autumn.csv")];
  const links = page.getByRole("listitem").getByRole("link", { name: /csv$/ });
  await expect(links).toHaveText(["Undo of spring.csv", "spring.csv", "autumn.csv"]);

  await spring.getByText("What it changed").focus();
  await page.keyboard.press("Enter");
  await expect(spring.getByRole("row", { name: "City Denver Boulder" })).toBeVisible();
  await expect(spring.getByText("Added: Enrolled in 222222")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(spring.getByRole("table")).toBeHidden();
  await page.keyboard.press("Enter");
  await undo.getByText("What it changed").click();
  await expect(undo.getByRole("row", { name: "City Boulder Denver" })).toBeVisible();
  await expect(undo.getByText("Removed: Enrolled in 222222")).toBeVisible();
  await expect(autumn.getByText("Made the person")).toBeVisible();
  await autumn.getByText("What it changed").click();
  await expect(autumn.getByRole("row", { name: "City Denver", exact: true })).toBeVisible();
  await expect(autumn.getByRole("columnheader")).toHaveText(["What", "At first"]);
  await rollcall.accessible("what imports changed of a person");

  await rm(join(stack.data, "objects/rollcall/journal/changed"), { recursive: true });
  await page.reload();
  await spring.getByText("What it changed").click();
  await expect(spring.getByText("What an import changed is removed some time afterwards.")).toBeVisible();
  await rollcall.accessible("an import whose journal is gone");
  await undo.getByRole("link").click();
  await rollcall.finished();
  expect(page.url()).toBe(undone);
});

test("a person is edited by hand, beside somebody who does so, too", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=edited");
  await rollcall.choose(family);
  await rollcall.send();
  await rollcall.confirm();
  await rollcall.finished();
  await rollcall.open("/?organisation=edited#/people");
  await page.getByRole("searchbox").fill("ann@people.example.com");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Ann Lee" }).click();
  const edit = page.getByRole("button", { name: "Edit", exact: true });
  await edit.click();
  const field = (name: string) => page.getByLabel(name, { exact: true });
  await expect(field("First name")).toBeFocused();

  await page.getByText(/^\d+ values are blank$/).click();
  await rollcall.accessible("a person who is edited");

  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByRole("button", { name: "Edit", exact: true }).click();
  await other.getByLabel("City", { exact: true }).fill("Springfield");
  await other.getByRole("button", { name: "Save", exact: true }).click();
  await expect(other.getByText("Saved. Later imports leave it as it is.")).toBeVisible();
  await other.close();

  await field("First name").fill("Anne");
  await field("Can contact").selectOption("no");
  await field("Birth date").fill("2011-02-28");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("City is now: Springfield");
  await expect(page.getByRole("alert")).toBeInViewport();
  await expect(field("City")).toHaveValue("Springfield");
  await expect(field("First name")).toHaveValue("Anne");
  await rollcall.accessible("a person whom somebody changed meanwhile");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(edit).toBeFocused();
  await expect(rollcall.heading("Anne Lee")).toBeVisible();
  const stored = (name: string) =>
    page.locator("dl > div").filter({ has: page.getByText(name, { exact: true }) });
  for (const [name, value] of [
    ["First name", "Anne"],
    ["City", "Springfield"],
    ["Can contact", "no"],
    ["Birth date", "2011-02-28"],
  ] as const)
    await expect(stored(name)).toContainText(new RegExp(`${value}\\s*by hand: `));
  await expect(stored("Last name")).not.toContainText("by hand");

  await edit.click();
  await field("E-mail").fill("pia@people.example.com");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("Another person");
  await expect(field("E-mail")).toHaveValue("pia@people.example.com");
  await field("E-mail").fill("ann@");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("This is not allowed here.");
  await rollcall.accessible("a value that is refused");
  await page.getByRole("button", { name: "Do not save" }).click();
  await expect(edit).toBeFocused();
  await expect(stored("E-mail")).toContainText("ann@people.example.com");
});

test("an address to which a mail bounced is corrected, and gets another", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=bounced");
  const address = "bounce+page@simulator.amazonses.com";
  await rollcall.choose(roster("lost.csv", [{ Email: address, StudentFirstName: "Lou" }]), { invite: true });
  await rollcall.send();
  await rollcall.confirm();
  await rollcall.finished();
  await rollcall.mails();
  await rollcall.open("/?organisation=bounced#/people");
  await page.getByRole("searchbox").fill(address);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: /^Lou/ }).click();
  const correct = page.getByRole("button", { name: "Correct the address" });
  await expect(async () => {
    await page.reload();
    await expect(correct).toBeVisible({ timeout: 1000 });
  }).toPass();
  await rollcall.accessible("a person to whom a mail bounced");
  await correct.click();
  const email = page.getByLabel("E-mail", { exact: true });
  await expect(email).toBeFocused();
  await email.fill("lou@people.example.com");
  await page.keyboard.press("Enter");
  await expect(page.getByText("You can send one to the new address.")).toBeVisible();
  await expect(correct).toHaveCount(0);
  const before = await rollcall.mails();
  await page.getByRole("button", { name: "Send it again" }).click();
  await expect(page.getByText("Waits to be sent.")).toBeVisible();
  await expect.poll(() => rollcall.mails()).toBe(before + 1);
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
      await page.getByText("Was er geändert hat").click();
      await expect(page.getByRole("columnheader", { name: "Am Anfang" })).toBeVisible();
      await fits("person");
      await page.getByRole("button", { name: "Bearbeiten" }).click();
      await page.getByLabel("Vorname", { exact: true }).fill("Roberta");
      await fits("person-edited");
      await page.getByRole("button", { name: "Speichern", exact: true }).click();
      await expect(rollcall.heading("Roberta Number0")).toBeVisible();
      await fits("person-saved");
    });
  });
}
