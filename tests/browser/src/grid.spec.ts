/** The roster is mended in the page, as in a spreadsheet, and what was mended is what is imported. */

import type { Locator, Page } from "@playwright/test";

import { type Roster, csv, mixed, roster } from "./rosters.ts";
import { expect, test } from "./rollcall.ts";

async function asTable(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "Table to edit" }).click();
  const grid = page.getByRole("grid", { name: "Rows of the file" });
  await expect(grid).toBeVisible();
  return grid;
}

/** Brings a column into sight: what is out of it is not drawn. */
async function goTo(grid: Locator, column: number): Promise<void> {
  await grid.focus();
  await grid.press("ControlOrMeta+Home");
  for (let presses = 0; presses < column; presses += 1) await grid.press("ArrowRight");
}

const PARENT_EMAIL = 7;
const CLIENT_TYPE = 10;

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
  await goTo(grid, CLIENT_TYPE);
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

test("a column is renamed in place: by that it is known, imported, and known no more when undone", async ({
  page,
  rollcall,
}) => {
  await rollcall.open("/?organisation=rename");
  const text = mixed("rename").buffer.toString().replace("ParentEmail", "Whose");
  await rollcall.choose(csv("rename.csv", text));
  const recognised = (columns: number) => page.getByText(`${columns} of 16 columns recognised`);
  await expect(recognised(15)).toBeVisible();
  const grid = await asTable(page);
  await goTo(grid, PARENT_EMAIL);
  await grid.getByRole("columnheader", { name: "Whose" }).dblclick();
  await rollcall.accessible("renaming a column");
  await page.getByRole("textbox", { name: "Edit the header Whose" }).fill("ParentEmail");
  await page.keyboard.press("Enter");
  await expect(grid.getByRole("columnheader", { name: "ParentEmail" })).toBeVisible();
  await expect(recognised(16)).toBeVisible();
  await expect(grid).toBeFocused();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(recognised(15)).toBeVisible();
  await page.keyboard.press("ControlOrMeta+Shift+z");
  await expect(recognised(16)).toBeVisible();

  await page.reload();
  await expect(recognised(16)).toBeVisible();
  await rollcall.send();
  await expect(
    page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "Parents" }) }),
  ).toContainText("1");
});

test("a header is renamed by keyboard alone", async ({ page, rollcall }) => {
  await rollcall.open();
  await rollcall.choose(mixed("keys"));
  const grid = await asTable(page);
  await grid.focus();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("button", { name: "Rename column" }).press("Enter");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("First");
  await page.keyboard.press("Escape");
  await expect(grid.getByRole("columnheader", { name: "StudentFirstName" })).toBeVisible();
  await page.getByRole("button", { name: "Rename column" }).press("Enter");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("First");
  await page.keyboard.press("Enter");
  await expect(grid.getByRole("columnheader", { name: "First" })).toBeVisible();
});

test("what was chosen of a column is taken back with it, and is not imported", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=unmapped");
  await rollcall.choose(mixed("unmapped"));
  const grid = await asTable(page);
  await grid.getByRole("gridcell", { name: "Bo", exact: true }).dblclick();
  await page.getByRole("textbox", { name: "Edit StudentFirstName" }).fill("Bob");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Match the columns" }).first().click();
  await rollcall.target("PSOId").selectOption("Not imported");
  await expect(rollcall.target("PSOId")).toHaveValue("");
  await page.getByRole("link", { name: "Continue to review" }).click();
  await page.getByRole("button", { name: "Table to edit" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("16 of 16 columns recognised")).toBeVisible();
  await rollcall.send();
  await expect(page.getByRole("rowheader", { name: "Enrolments" })).toBeVisible();
});

test("rows are filtered by the column in which something was found", async ({ page, rollcall }) => {
  await rollcall.open();
  await rollcall.choose(mixed("within"));
  const grid = await asTable(page);
  await page.getByRole("combobox", { name: "Column with something found in it" }).selectOption("ClientType");
  await expect(grid).toHaveAttribute("aria-rowcount", "2");
  await goTo(grid, CLIENT_TYPE);
  await expect(grid.getByRole("gridcell", { name: "Error: student" })).toBeVisible();
  await page.getByRole("combobox", { name: "Column with" }).selectOption("Found in any column");
  await expect(grid).toHaveAttribute("aria-rowcount", "7");
});

test("Ctrl+D fills down, but passwords, of which only dots are shown", async ({ page, rollcall }) => {
  await rollcall.open();
  const people = ["Ann,Lee,,correct-horse", "Bo,Roy,,", "Cy,Day,,"].map(
    (rest) => `${rest[0]}@down.example.com,${rest}`,
  );
  const file = csv("down.csv", ["Email,First Name,Last Name,Phone,Password", ...people].join("\n"));
  await rollcall.choose(file, { program: "Clients" });
  await page.getByRole("button", { name: "Table to edit" }).click();
  const grid = page.getByRole("grid");
  await grid.focus();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+End");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("ControlOrMeta+d");
  await expect(grid.getByRole("gridcell", { name: "Ann", exact: true })).toHaveCount(3);
  // Of one row, the row above is written over it.
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.press("Home");
  await page.keyboard.press("ControlOrMeta+d");
  await expect(grid.getByRole("gridcell", { name: "B@down.example.com" })).toHaveCount(2);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download CSV" }).click(),
  ]);
  expect((await rollcall.bytes(download)).toString()).toMatch(
    /,Ann,Lee,,correct-horse\s.*,Ann,Lee,,\s.*,Ann,Lee,,\s/,
  );
});

test("of a wide roster the columns in sight are drawn, and the last is a key away", async ({
  page,
  rollcall,
}) => {
  await rollcall.open();
  const more = Array.from({ length: 180 }, (_, index) => `Note ${index}`);
  const lines = mixed("broad").buffer.toString().trimEnd().split("\r\n");
  const wide = lines.map((line, row) =>
    [line, ...more.map((name) => (row === 0 ? name : `${name}!`))].join(),
  );
  await rollcall.choose(csv("broad.csv", wide.join("\r\n")));
  const grid = await asTable(page);
  await expect(grid).toHaveAttribute("aria-colcount", "197");
  expect(await grid.getByRole("columnheader").count()).toBeLessThan(25);
  await grid.focus();
  await page.keyboard.press("End");
  await expect.poll(() => active(grid)).toBe("Note 179!");
  await expect(grid.getByRole("columnheader", { name: "Note 179" })).toBeInViewport();
  await expect(grid.getByRole("columnheader", { name: "Note 179" })).toHaveAttribute("aria-colindex", "197");
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => active(grid)).toBe("Note 178!");
});

/** Far more rows than are fetched at once. */
function longRoster(name: string): Roster {
  const rows = Array.from({ length: 20_000 }, (_, index) => ({ Email: `p${index}@${name}.example.com` }));
  return roster(`${name}.csv`, rows);
}

test("a long roster is drawn a window at a time, and its last row is a key away", async ({
  page,
  rollcall,
}) => {
  await rollcall.open();
  await rollcall.choose(longRoster("long"));
  const grid = await asTable(page);
  await grid.focus();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.press("Home");
  await expect.poll(() => active(grid)).toBe("p19999@long.example.com");
  await expect(grid.getByRole("row", { name: "20,001" })).toHaveAttribute("aria-rowindex", "20001");
  expect(await grid.getByRole("row").count()).toBeLessThan(60);
});

test("what is typed over a cell before its row is here is written, and a quick hand goes on below it", async ({
  page,
  rollcall,
}) => {
  await rollcall.open();
  await rollcall.choose(longRoster("quick"));
  const grid = await asTable(page);
  await grid.focus();
  // Both at once, so that nothing can have been fetched in between.
  await grid.evaluate((grid) => {
    for (const init of [{ key: "ArrowDown", ctrlKey: true }, { key: "n" }])
      grid.dispatchEvent(new KeyboardEvent("keydown", { ...init, bubbles: true, cancelable: true }));
  });
  await page.keyboard.type("ew@quick.example.com");
  await page.keyboard.press("Enter");
  await expect.poll(() => active(grid)).toBe("new@quick.example.com");

  await page.keyboard.press("ControlOrMeta+Home");
  await expect.poll(() => active(grid)).toBe("p0@quick.example.com");
  await page.keyboard.type("one@quick.example.com\ntwo@quick.example.com\n");
  await page.keyboard.press("ControlOrMeta+Home");
  await expect.poll(() => active(grid)).toBe("one@quick.example.com");
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => active(grid)).toBe("two@quick.example.com");
});

test("what is being written goes into its row, whichever rows are shown meanwhile", async ({
  page,
  rollcall,
}) => {
  await rollcall.open();
  await rollcall.choose(roster("shown.csv", [{ Email: "good@shown.example.com" }, { Email: "no-at-sign" }]));
  const grid = await asTable(page);
  await goTo(grid, 0);
  await page.keyboard.type("new@shown.example.com");
  // By the script, so that the cell keeps the focus.
  await page.getByRole("button", { name: /^Errors/ }).evaluate((tab: HTMLElement) => tab.click());
  await expect(grid).toHaveAttribute("aria-rowcount", "2");
  await expect.poll(() => active(grid)).toBe("no-at-sign");
  await page.getByRole("button", { name: /^All rows/ }).click();
  await expect(grid).toHaveAttribute("aria-rowcount", "3");
  await expect.poll(() => active(grid)).toBe("new@shown.example.com");
});
