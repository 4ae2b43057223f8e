/** Rows that may be of people who are there already are shown and decided about before anything is imported. */

import { type Roster, roster } from "./rosters.ts";
import { type Rollcall, expect, test } from "./rollcall.ts";

const robert = {
  Email: "robert@alike.example.com",
  StudentFirstName: "Robert",
  StudentLastName: "Lee",
  Address1StreetAddress1: "1 Hill Road",
};
const bob = { ...robert, Email: "bob@alike.example.com", StudentFirstName: "Bob" };
const robret = { ...robert, Email: "", StudentFirstName: "Robret" };

async function imported(rollcall: Rollcall, organisation: string, file: Roster): Promise<void> {
  await rollcall.open(`/?organisation=${organisation}`);
  await rollcall.choose(file);
  await rollcall.send();
  await rollcall.confirm();
  await rollcall.finished();
}

test("a row that is like somebody is shown with why, and is what is decided", async ({ page, rollcall }) => {
  await imported(rollcall, "alike", roster("first.csv", [robert]));
  await rollcall.open("/?organisation=alike");
  await page.getByRole("radio", { name: /^Update/ }).check();
  await rollcall.choose(roster("second.csv", [bob, robret, { Email: "eve@alike.example.com" }]));
  await rollcall.send();
  await expect(page.getByText("2 rows are like somebody who is stored or has an earlier row.")).toBeVisible();
  const first = page.getByRole("group", { name: "Row 2: Bob Lee" });
  await expect(first.getByText("Like Robert Lee, robert@alike.example.com, 1 Hill Road")).toBeVisible();
  await expect(first.getByText("the first name may be a nickname")).toBeVisible();
  await expect(first.getByRole("row", { name: "First name Robert Bob" })).toBeVisible();
  const second = page.getByRole("group", { name: "Row 3: Robret Lee" });
  await expect(second.getByText("one letter of the name differs")).toBeVisible();
  await rollcall.accessible("rows that are like people");
  expect(await rollcall.outcomes()).toMatchObject({ created: 3, updated: 0 });

  // Undecided rows make new people, and the confirmation says so.
  await page.getByRole("link", { name: "Continue to confirm" }).click();
  await expect(page.getByText("will create 3 new people (2 may be there already)")).toBeVisible();
  await page.getByRole("link", { name: "Back to the dry run" }).click();

  await first.getByRole("radio", { name: "Same person" }).check();
  await expect(page.getByText("Save your decisions to go on.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Continue to confirm" })).toHaveCount(0);
  await page.getByRole("button", { name: "Save 1 decision" }).click();
  await expect(page.getByText("1 row is like somebody who is stored or has an earlier row.")).toBeVisible();
  await expect(first.getByRole("radio", { name: "Same person" })).toBeChecked();
  expect(await rollcall.outcomes()).toMatchObject({ created: 2, updated: 1, skipped: 0 });

  // A decision is saved by keyboard, and can be another one later.
  await second.getByRole("radio", { name: "Same person" }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(second.getByRole("radio", { name: "Leave the row out" })).toBeChecked();
  await page.getByRole("button", { name: "Save 1 decision" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("All rows that are like somebody are decided.")).toBeVisible();
  await expect(rollcall.heading("Dry run")).toBeFocused();
  expect(await rollcall.outcomes()).toMatchObject({ created: 1, updated: 1, skipped: 1 });
  // Elsewhere it can be decided otherwise, with all that was said about it.
  const elsewhere = await page.context().newPage();
  await elsewhere.goto(page.url());
  await expect(elsewhere.getByText("All rows that are like somebody are decided.")).toBeVisible();
  const there = elsewhere.getByRole("group", { name: "Row 2: Bob Lee" });
  await expect(there.getByText("the first name may be a nickname")).toBeVisible();
  await expect(there.getByRole("radio", { name: "Same person" })).toBeChecked();
  await elsewhere.close();
  await page.reload();
  await expect(second.getByRole("radio", { name: "Leave the row out" })).toBeChecked();
  await second.getByRole("radio", { name: "Different person" }).check();
  await page.getByRole("button", { name: "Save 1 decision" }).click();
  await expect.poll(() => rollcall.outcomes()).toMatchObject({ created: 2, updated: 1, skipped: 0 });
  await page.getByRole("link", { name: "Continue to confirm" }).click();
  await expect(page.getByText("will create 2 new people and update 1 person.")).toBeVisible();
  await page.getByRole("button", { name: "Import 3 rows" }).click();
  await rollcall.finished();
  expect(await rollcall.outcomes()).toMatchObject({ created: 2, updated: 1, skipped: 0 });
});

test("a row that is like an earlier one is shown beside it, and is left out", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=twice");
  await rollcall.choose(roster("twice.csv", [robert, { Email: "eve@alike.example.com" }, bob]));
  await rollcall.send();
  const row = page.getByRole("group", { name: "Row 4: Bob Lee" });
  await expect(row.getByText("Like row 2 of the file, Robert Lee")).toBeVisible();
  await expect(row.getByText("the first name may be a nickname")).toBeVisible();
  await expect(row.getByRole("columnheader", { name: "Row 2" })).toBeVisible();
  await expect(row.getByRole("row", { name: "First name Robert Bob" })).toBeVisible();
  await expect(row.getByRole("radio")).toHaveCount(2);
  await rollcall.accessible("a row that is like another");
  expect(await rollcall.outcomes()).toMatchObject({ created: 3, skipped: 0 });

  await row.getByRole("radio", { name: "Leave the row out" }).check();
  await page.getByRole("button", { name: "Save 1 decision" }).click();
  await expect(page.getByText("All rows that are like somebody are decided.")).toBeVisible();
  expect(await rollcall.outcomes()).toMatchObject({ created: 2, skipped: 1 });
});

test("many rows are paged through and decided at once", async ({ page, rollcall }) => {
  const names = "Ada Ben Cleo Dora Emil Fred Gina Hugo Ida Jon Kurt Lena".split(" ");
  const people = (street: string) =>
    roster(
      "people.csv",
      names.map((StudentFirstName, index) => ({
        StudentFirstName,
        StudentLastName: "Berg",
        Address1StreetAddress1: `${index} ${street}`,
      })),
    );
  await imported(rollcall, "moved", people("Hill Road"));
  await rollcall.open("/?organisation=moved");
  await rollcall.choose(people("Valley Lane"));
  await rollcall.send();
  await expect(page.getByRole("group", { name: /^Row \d+: \w+ Berg/ })).toHaveCount(10);
  await page
    .getByRole("group", { name: "Row 2: Ada Berg" })
    .getByRole("radio", { name: "Different" })
    .check();
  await page
    .getByRole("navigation", { name: "Pages of rows to decide" })
    .getByRole("button", { name: "Next" })
    .click();
  await expect(page.getByRole("group", { name: /^Row \d+: \w+ Berg/ })).toHaveCount(2);
  await expect(page.getByText("same name, other address: moved?").first()).toBeVisible();
  await page.getByRole("button", { name: "Leave all out" }).click();
  await page.getByRole("button", { name: "Save 12 decisions" }).click();
  await expect(page.getByText("All rows that are like somebody are decided.")).toBeVisible();
  expect(await rollcall.outcomes()).toMatchObject({ created: 1, skipped: 11 });
});

test("a file that was imported before is said to be so", async ({ page, rollcall }) => {
  const file = roster("twice.csv", [{ Email: "ann@twice.example.com" }]);
  await imported(rollcall, "twice", file);
  const before = page.url();
  await rollcall.open("/?organisation=twice");
  await rollcall.choose(file);
  await rollcall.send();
  await expect(page.getByRole("heading", { name: "This file was imported before" })).toBeVisible();
  await expect(page.getByText(/imported the same file .*\d{4}.* \(Finished\)/)).toBeVisible();
  await rollcall.accessible("a file that was imported before");
  await page.getByRole("link", { name: "Show that import" }).click();
  await rollcall.finished();
  expect(page.url()).toBe(before);
});
