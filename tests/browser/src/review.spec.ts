/** What the page says of files that are not right. */

import { fileURLToPath } from "node:url";

import { csv, mixed, roster } from "./rosters.ts";
import { expect, test } from "./rollcall.ts";

test("a missing column stops the file and says which", async ({ page, rollcall }) => {
  await rollcall.open();
  await rollcall.drop(roster("header.csv", [{}], { without: ["StudentLastName"] }));
  await page.getByRole("link", { name: "Continue to review" }).click();
  await expect(page.getByRole("heading", { name: "This file cannot be imported as it is" })).toBeVisible();
  await expect(page.getByText(/StudentLastName/).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Upload and compare" })).toHaveCount(0);
  await rollcall.accessible("stopped file");

  await rollcall.chooser.setInputFiles(mixed("mended"));
  await expect(rollcall.figure("rows")).toHaveText("6");
});

test("an empty file stops with a reason", async ({ page, rollcall }) => {
  await rollcall.open();
  await rollcall.choose(csv("empty.csv", ""));
  await expect(page.getByRole("heading", { name: "This file cannot be imported as it is" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Choose another file" })).toBeVisible();
});

test("rows with errors are shown with the faulty cell, and filtered by kind and rule", async ({
  page,
  rollcall,
}) => {
  await rollcall.open();
  await rollcall.choose(mixed("filter"));
  const rows = page.getByRole("table", { name: "Table of rows with problems" }).getByRole("row");
  await expect(rows).toHaveCount(3);
  await expect(page.getByRole("cell", { name: "Error no-at-sign" })).toBeVisible();

  await page.getByRole("button", { name: "Warnings 1" }).click();
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "All problems 3" }).click();
  await expect(rows).toHaveCount(4);

  await page.getByRole("button", { name: /^Error Value not allowed/ }).click();
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "About this rule: Value not allowed" }).click();
  await expect(page.getByRole("heading", { name: "Why it matters" })).toBeVisible();
  await rollcall.accessible("review with a rule explained");
});

test("thousands of faulty rows come a page at a time", async ({ page, rollcall }) => {
  await rollcall.open();
  await rollcall.choose(
    roster(
      "many.csv",
      Array.from({ length: 3000 }, () => ({ ClientType: "student" })),
    ),
  );
  await expect(rollcall.figure("errors")).toHaveText("3,000");
  await expect(page.getByText("1–50 of 3,000 rows")).toBeVisible();
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText("51–100 of 3,000 rows")).toBeVisible();
  await expect(page.getByText("All 3,000 rows have errors; nothing can be imported.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Upload and compare" })).toHaveCount(0);
});

test("all or nothing holds a file with errors back until they are left out", async ({ page, rollcall }) => {
  await rollcall.open();
  await page.getByRole("checkbox", { name: /All or nothing/ }).check();
  await rollcall.choose(mixed("strict"));
  await expect(page.getByText(/nothing will be imported/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Upload and compare" })).toHaveCount(0);
  await page.getByRole("button", { name: "Leave rows with errors out" }).click();
  await expect(page.getByRole("button", { name: "Upload and compare" })).toBeVisible();
});

test("a repeated person is an error under the policy that rejects", async ({ page, rollcall }) => {
  await rollcall.open();
  await page.getByRole("radio", { name: /^Reject/ }).check();
  await rollcall.choose(mixed("policy"));
  await expect(rollcall.figure("errors")).toHaveText("3");
  await expect(rollcall.figure("warnings")).toHaveText("0");
});

test("a file may be dropped anywhere, before a program is chosen", async ({ page, rollcall }) => {
  await rollcall.open();
  const { name, mimeType, buffer } = mixed("dropped");
  const transfer = await page.evaluateHandle(
    ([text, fileName, type]) => {
      const data = new DataTransfer();
      data.items.add(new File([text!], fileName!, { type }));
      return data;
    },
    [buffer.toString(), name, mimeType],
  );
  await page.getByRole("banner").dispatchEvent("drop", { dataTransfer: transfer });
  await expect(page.getByText("Choose a program to check dropped.csv.")).toBeVisible();
  await page.getByRole("radio", { name: "Retail" }).check();
  await page.getByRole("link", { name: "Check this file" }).click();
  await expect(rollcall.figure("rows")).toHaveText("6");
});

test("a workbook is read, with its header below a title and under other names", async ({
  page,
  rollcall,
}) => {
  await rollcall.open();
  await rollcall.choose(fileURLToPath(new URL("../../fixtures/files/retail.xlsx", import.meta.url)));
  await expect(rollcall.figure("rows")).toHaveText("3");
  await expect(rollcall.figure("errors")).toHaveText("1");
  await expect(page.getByText("Sheet Roster")).toBeVisible();
  await page.getByText("14 of 14 columns recognised").click();
  await expect(page.getByRole("cell", { name: "Other systems' name" }).first()).toBeVisible();
  await rollcall.accessible("review of a workbook");
  await rollcall.send();
  await rollcall.confirm();
  await rollcall.finished();
  expect(await rollcall.outcomes()).toMatchObject({ created: 2, rejected: 1 });
});

test("text in another encoding is read as such", async ({ page, rollcall }) => {
  await rollcall.open();
  await rollcall.choose(fileURLToPath(new URL("../../fixtures/files/windows-1252.csv", import.meta.url)));
  await expect(rollcall.figure("ready")).toHaveText("2");
  await expect(page.getByText("windows-1252, cells separated by semicolons")).toBeVisible();
});

test("a file that only looks like a workbook is refused with the reason", async ({ page, rollcall }) => {
  await rollcall.open();
  const buffer = Buffer.from("PK\x03\x04 and nothing more");
  await page.getByRole("radio", { name: "Retail" }).check();
  await rollcall.chooser.setInputFiles({ name: "broken.xlsx", mimeType: "", buffer });
  await expect(page.getByRole("heading", { name: "This file cannot be imported as it is" })).toBeVisible();
  await expect(page.getByText(/Open the workbook in a spreadsheet program/).first()).toBeVisible();
});
