/** The roster is mended in the page, as in a spreadsheet, and what was mended is what is imported. */

import type { Locator, Page } from "@playwright/test";

import { mixed, roster } from "./rosters.ts";
import { expect, test } from "./rollcall.ts";

async function asTable(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "Table to edit" }).click();
  const grid = page.getByRole("grid", { name: "Rows of the file" });
  await expect(grid).toBeVisible();
  return grid;
}

/** The cell under the keyboard. */
async function active(grid: Locator): Promise<string> {
  const id = await grid.getAttribute("aria-activedescendant");
  return (await grid.locator(`#${id} .text`).textContent()) ?? "";
}

test("errors are mended by keyboard alone, taken back, and imported", async ({ page, rollcall }) => {
  await rollcall.open();
  await rollcall.choose(mixed("grid"));
  const grid = await asTable(page);
  await rollcall.accessible("grid");
  await expect(grid).toHaveAttribute("aria-rowcount", "7");
  await grid.focus();

  // Row 6 of the sheet is the fifth below the header; the address is its first cell.
  await page.getByRole("button", { name: "Next error" }).click();
  await expect(page.getByRole("status", { name: "What was found here" })).toContainText("no-at-sign");
  await page.keyboard.press("F2");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("di@grid.example.com");
  await page.keyboard.press("Enter");
  await expect(rollcall.figure("errors")).toHaveText("1");

  await page.keyboard.press("ControlOrMeta+z");
  await expect(rollcall.figure("errors")).toHaveText("2");
  await page.keyboard.press("ControlOrMeta+Shift+z");
  await expect(rollcall.figure("errors")).toHaveText("1");

  // The other error has a fix.
  await page.getByRole("button", { name: "Fix all", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("1 cell changes in 1 row");
  await expect(dialog.getByRole("row", { name: "7 ClientType student Student" })).toBeVisible();
  await rollcall.accessible("fixes before they are made");
  await dialog.getByRole("button", { name: "Apply" }).click();
  await expect(rollcall.figure("errors")).toHaveText("0");

  await rollcall.send();
  await rollcall.confirm();
  await rollcall.finished();
  expect((await rollcall.outcomes()).rejected).toBe(0);
});

test("a value list is offered, and a wrong value in it can be kept", async ({ page, rollcall }) => {
  await rollcall.open();
  await rollcall.choose(mixed("list"));
  const grid = await asTable(page);
  const cell = grid.getByRole("gridcell", { name: "Error: student" });
  await cell.dblclick();
  const editor = page.getByRole("combobox", { name: "Edit ClientType" });
  await expect(editor).toHaveValue("student");
  await editor.selectOption("Student");
  await editor.press("Enter");
  await expect(rollcall.figure("errors")).toHaveText("1");
});

test("cells are copied, pasted, emptied, replaced; rows come and go", async ({ page, context, rollcall }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await rollcall.open();
  await rollcall.choose(mixed("paste"));
  const grid = await asTable(page);
  await grid.focus();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("ControlOrMeta+c");
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toBe("ann@paste.example.com\tAnn\nbo@paste.example.com\tBo");

  await page.evaluate(() =>
    navigator.clipboard.writeText("x@paste.example.com\tXi\ny@paste.example.com\tYu"),
  );
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.press("Home");
  await page.keyboard.press("ControlOrMeta+v");
  await expect(grid).toHaveAttribute("aria-rowcount", "8");
  await expect(grid.getByRole("gridcell", { name: "Yu" })).toBeVisible();
  await page.keyboard.press("Delete");
  await expect(grid.getByRole("gridcell", { name: "Yu" })).toHaveCount(0);

  await page.keyboard.press("ControlOrMeta+-");
  await expect(grid).not.toHaveAttribute("aria-rowcount", "8");
  await page.keyboard.press("ControlOrMeta+z");
  await expect(grid).toHaveAttribute("aria-rowcount", "8");

  await page.keyboard.press("ControlOrMeta+h");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Find" }).fill("paste.example.com");
  await dialog.getByRole("textbox", { name: "Replace with" }).fill("new.example.com");
  await dialog.getByRole("button", { name: "Show what would change" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Apply" }).click();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.getByRole("searchbox", { name: "Search the rows" }).fill("ann@new.example.com");
  await page.keyboard.press("Enter");
  await expect(grid).toHaveAttribute("aria-rowcount", "3");
});

test("a long roster is drawn a window at a time, and its last row is a key away", async ({
  page,
  rollcall,
}) => {
  await rollcall.open();
  await rollcall.choose(
    roster(
      "long.csv",
      Array.from({ length: 20_000 }, (_, index) => ({ Email: `p${index}@long.example.com` })),
    ),
  );
  const grid = await asTable(page);
  await grid.focus();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.press("Home");
  await expect.poll(() => active(grid)).toBe("p19999@long.example.com");
  await expect(grid.getByRole("row", { name: "20,001" })).toHaveAttribute("aria-rowindex", "20001");
  expect(await grid.getByRole("row").count()).toBeLessThan(60);
});
