/** A workbook whose sheets are students, instructors and parents is one roster. */

import { expect, test } from "./rollcall.ts";
import { sheets } from "./rosters.ts";

const ALL = "Sheets Students, Instructors and Parents, not read: Notes and Lists";

test("three sheets are checked, mended and imported in one go", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=sheets");
  await rollcall.choose(sheets(), { program: "Learners" });
  await expect(page.getByText(ALL)).toBeVisible();
  await expect(rollcall.figure("rows")).toHaveText("7");
  await expect(rollcall.figure("errors")).toHaveText("1");
  await expect(page.getByRole("rowheader", { name: "Parents 4" })).toBeVisible();
  await expect(page.getByText("Parents, row 4, Email: quinn@example is not")).toBeVisible();
  await page.getByRole("button", { name: /^All problems/ }).click();
  await expect(page.getByText("Students, row 4, Parent: nobody in the file")).toBeVisible();
  await rollcall.accessible("sheets");

  await page.getByRole("button", { name: "Table to edit" }).click();
  const grid = page.getByRole("grid", { name: "Rows of the file" });
  await expect(grid.getByRole("row", { name: /Instructors 4 Instructor Kim/ })).toBeVisible();
  await rollcall.accessible("grid of sheets");
  await grid.focus();
  await page.getByRole("button", { name: "Next error" }).click();
  await expect(page.getByRole("status", { name: "What was found here" })).toContainText("quinn@example");
  await page.keyboard.press("F2");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("quinn@example.com");
  await page.keyboard.press("Enter");
  await expect(rollcall.figure("errors")).toHaveText("0");
  // The link from the sheet of the students is to somebody now.
  await expect(rollcall.figure("warnings")).toHaveText("0");
  await page.keyboard.press("ControlOrMeta+Minus");
  await expect(rollcall.figure("rows")).toHaveText("6");

  await rollcall.send();
  expect(await rollcall.outcomes()).toMatchObject({ created: 6, rejected: 0 });
  await rollcall.confirm();
  await rollcall.finished();
  const log = await rollcall.download("log.csv");
  expect(log).toMatch(/^sheet,row,outcome/);
  expect(log).toContain("\nInstructors,4,created");
  expect(log.trimEnd().split("\n").at(-1)).toMatch(/^Parents,4,created/);
});

test("as it is, the server says of each sheet what the page said", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=sheets-as-they-are");
  await rollcall.choose(sheets(), { program: "Learners" });
  await rollcall.send();
  expect(await rollcall.outcomes()).toMatchObject({ created: 6, rejected: 1 });
  await rollcall.confirm();
  await rollcall.finished();
  expect(await rollcall.download("errors.csv")).toContain("Parents, row 4, Email: `quinn@example` is not");
});

test("one sheet of several is chosen, and all of them again", async ({ page, rollcall }) => {
  await rollcall.open();
  await rollcall.choose(sheets(), { program: "Learners" });
  await page.getByRole("link", { name: "Match the columns" }).click();
  await page.getByText("How the file is read").click();
  const sheet = page.getByRole("combobox", { name: "Sheet" });
  await expect(sheet).toHaveValue("");
  await expect(page.getByRole("spinbutton", { name: "Row of the header" })).toHaveCount(0);
  await rollcall.accessible("sheets to choose from");
  await sheet.selectOption("Instructors");
  await expect(page.getByText("The row is ready to import.")).toBeVisible();
  await expect(page.getByRole("spinbutton", { name: "Row of the header" })).toHaveValue("3");
  await sheet.selectOption("All together: Students, Instructors and Parents");
  await expect(page.getByText("6 of 7 rows are ready to import.")).toBeVisible();
});
