/** The ways to a file: pasted rows, templates, a sample. */

import { roster } from "./rosters.ts";
import { expect, test } from "./rollcall.ts";

test("rows pasted from a spreadsheet are a file", async ({ page, context, rollcall }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await rollcall.open("/?organisation=pasted");
  await page.getByRole("radio", { name: "Retail" }).check();
  const cells = roster("x.csv", [{ Email: "ann@pasted.example.com" }])
    .buffer.toString()
    .replaceAll(",", "\t");
  await page.evaluate((text) => navigator.clipboard.writeText(text), cells);
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("Control+V");
  await expect(rollcall.figure("ready")).toHaveText("1");
  await expect(page.getByText("cells separated by tabs")).toBeVisible();
  await rollcall.send();
  await expect(page.getByText("pasted.csv")).toBeVisible();
  expect(await rollcall.outcomes()).toMatchObject({ created: 1 });
});

test("rows can be pasted into a field and corrected there", async ({ page, rollcall }) => {
  await rollcall.open();
  await page.getByRole("radio", { name: "Clients" }).check();
  await page.getByText("Paste rows instead").click();
  await expect(page.getByRole("button", { name: "Check these rows" })).toBeDisabled();
  await rollcall.accessible("paste");
  await page
    .getByRole("textbox", { name: /Rows from a spreadsheet/ })
    .fill("Email\tFirst Name\tLast Name\nann@example.com\tAnn\tLee\n");
  await page.getByRole("button", { name: "Check these rows" }).click();
  await expect(rollcall.figure("ready")).toHaveText("1");
});

for (const program of ["Retail", "Clients"]) {
  test(`${program}: templates and explained columns are to be had, and the sample shows what a check finds`, async ({
    page,
    rollcall,
  }) => {
    await rollcall.open();
    await page.getByRole("radio", { name: program }).check();
    const fetched = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name }).click(),
      ]);
      expect(download.suggestedFilename()).toContain(program.toLowerCase());
      return rollcall.bytes(download);
    };
    expect((await fetched("Template (XLSX)")).subarray(0, 2).toString()).toBe("PK");
    expect((await fetched("Template (CSV)")).toString()).toContain("Email,");
    expect((await fetched("Columns explained (CSV)")).toString()).toContain("Column,Title,Required");

    await page.getByRole("button", { name: "Try a sample of made-up people" }).click();
    await expect(rollcall.heading("Review")).toBeVisible();
    expect(Number(await rollcall.figure("errors").innerText())).toBeGreaterThan(0);
    expect(Number(await rollcall.figure("ready").innerText())).toBeGreaterThan(0);
  });
}
