/** An import is cancelled, and one is taken back: after a dry run, and with the number of people. */

import { roster } from "./rosters.ts";
import { expect, test } from "./rollcall.ts";

const PEOPLE = 25;
const people = roster(
  "people.csv",
  Array.from({ length: PEOPLE }, (_, n) => ({
    Email: `person${n}@example.com`,
    Address1StreetAddress1: `${n} Main St`,
  })),
);

test("a dry run is cancelled", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=cancelled");
  await rollcall.choose(people);
  await rollcall.send();
  await page.getByRole("button", { name: "Cancel the import" }).click();
  await expect(rollcall.heading("The import was cancelled")).toBeVisible();
  await rollcall.accessible("cancelled");
});

test("an import is undone by whoever types the number of people", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=undone");
  await rollcall.choose(people);
  await rollcall.send();
  await rollcall.confirm();
  await rollcall.finished();
  await page.getByRole("button", { name: "Undo" }).click();

  await expect(page.getByText("This is what the undo would do.")).toBeVisible();
  await expect(page.getByText(/takes something away from 25 of 25 people/)).toBeVisible();
  await rollcall.accessible("dry run of an undo");
  await page.getByRole("link", { name: "Continue to confirm" }).click();
  await expect(
    page.getByText(`Undoing the import of people.csv will remove ${PEOPLE} people.`),
  ).toBeVisible();
  await rollcall.accessible("confirmation of an undo");
  const confirm = page.getByRole("button", { name: "Undo the import" });
  await page.getByLabel(/Type 25 to go on/).fill(`${PEOPLE - 1}`);
  await expect(confirm).toBeDisabled();
  await page.getByLabel(/Type 25 to go on/).fill(`${PEOPLE}`);
  await confirm.click();

  await rollcall.finished();
  expect(await rollcall.outcomes()).toMatchObject({ created: 0, updated: PEOPLE, rejected: 0 });
  await page.getByRole("link", { name: "Undo of people.csv" }).click();
  await expect(page.getByText("This import has been undone")).toBeVisible();
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);
});
