/** What is being prepared outlives a reload, in this browser and in nobody else's hands, and is forgotten in time. */

import type { BrowserContext, Page } from "@playwright/test";

import { csv, mixed, roster } from "./rosters.ts";
import { Rollcall, expect, test } from "./rollcall.ts";

async function edit(page: Page, cell: string, value: string): Promise<void> {
  await page.getByRole("button", { name: "Table to edit" }).click();
  await page.getByRole("gridcell", { name: cell }).dblclick();
  await page.getByRole("textbox", { name: /^Edit/ }).fill(value);
  await page.keyboard.press("Enter");
}

async function another(context: BrowserContext, address: string): Promise<Rollcall> {
  const rollcall = new Rollcall(await context.newPage());
  await rollcall.open(address);
  return rollcall;
}

test("edits, columns and options are there after a reload, and are what is imported", async ({
  page,
  rollcall,
}) => {
  await rollcall.open("/?organisation=reload");
  await page.getByRole("radio", { name: /^Update/ }).check();
  const { buffer } = mixed("reload");
  await rollcall.drop(csv("reload.csv", buffer.toString().replace("ClientType", "Art der Person")));
  await rollcall.target("Art der Person").selectOption("ClientType");
  await page.getByRole("link", { name: "Continue to review" }).click();
  await expect(rollcall.figure("errors")).toHaveText("2");

  await edit(page, "Error: no-at-sign", "di@reload.example.com");
  await expect(rollcall.figure("errors")).toHaveText("1");
  await page.getByRole("gridcell", { name: "bo@reload.example.com", exact: true }).click();
  await page.keyboard.press("ControlOrMeta+-");
  await expect(rollcall.figure("rows")).toHaveText("5");
  await page.keyboard.press("ControlOrMeta+z");
  await expect(rollcall.figure("rows")).toHaveText("6");
  await page.getByRole("button", { name: "Fix all", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Apply" }).click();
  await expect(rollcall.figure("errors")).toHaveText("0");

  await page.reload();
  await expect(rollcall.heading("Review")).toBeVisible();
  await expect(rollcall.figure("errors")).toHaveText("0");
  await expect(page.getByRole("complementary")).toContainText("Update");
  await expect(page.getByText("Kept in this browser")).toBeVisible();
  await rollcall.accessible("review after a reload");

  await rollcall.send();
  // Until it is confirmed, it can still be mended.
  await page.getByRole("link", { name: "Back to the rows" }).click();
  await expect(rollcall.figure("errors")).toHaveText("0");
  await page.goBack();
  await rollcall.confirm();
  await rollcall.finished();
  expect((await rollcall.outcomes()).rejected).toBe(0);
  await page.goto("/?organisation=reload#/review");
  await expect(page.getByText("Drop a roster anywhere")).toBeVisible();
  expect(await kept(page)).toBe(0);
});

test("edits outlive another policy for duplicates, and are given up only when that is agreed to", async ({
  page,
  rollcall,
}) => {
  await rollcall.open();
  await rollcall.choose(mixed("again"));
  await edit(page, "Error: no-at-sign", "di@again.example.com");
  await expect(rollcall.figure("errors")).toHaveText("1");
  await page.getByRole("link", { name: "Upload", exact: true }).click();
  await page.getByRole("radio", { name: /^Reject/ }).check();
  // With this policy the repeated person is an error.
  await page.getByRole("link", { name: "Check this file" }).click();
  await expect(rollcall.figure("errors")).toHaveText("2");

  await page.getByRole("link", { name: "Upload", exact: true }).click();
  const answers = [false, true];
  page.on("dialog", (dialog) => (answers.shift() ? dialog.accept() : dialog.dismiss()));
  await page.getByRole("radio", { name: "International" }).click();
  await expect(page.getByRole("radio", { name: "Retail" })).toBeChecked();
  await page.getByRole("radio", { name: "International" }).click();
  await expect(page.getByRole("radio", { name: "International" })).toBeChecked();
  await page.getByRole("radio", { name: "Retail" }).check();
  await page.getByRole("link", { name: "Check this file" }).click();
  await expect(rollcall.figure("errors")).toHaveText("3");
});

test("a file is forgotten by a button, and nothing of it is left", async ({ page, rollcall }) => {
  await rollcall.open();
  await rollcall.choose(mixed("forgotten"));
  await expect(page.getByText("Kept in this browser")).toBeVisible();
  await expect.poll(() => kept(page)).toBe(2);
  await page.getByRole("button", { name: "Forget this file" }).click();
  await expect(page.getByText("Drop a roster anywhere")).toBeVisible();
  await expect.poll(() => kept(page)).toBe(0);
  await page.reload();
  await expect(page.getByText("Drop a roster anywhere")).toBeVisible();
});

test("two tabs keep a file each; a closed tab's file is offered to the same person alone", async ({
  page,
  context,
  rollcall,
}) => {
  await rollcall.open("/?organisation=tabs");
  await rollcall.choose(roster("first.csv", [{ Email: "ann@tabs.example.com" }]));
  await edit(page, "ann@tabs.example.com", "amy@tabs.example.com");
  const second = await another(context, "/?organisation=tabs");
  await expect(second.page.getByText("is not imported yet")).toHaveCount(0);
  await second.choose(roster("second.csv", [{ Email: "bo@tabs.example.com" }]));
  await expect(second.figure("ready")).toHaveText("1");
  await page.reload();
  await page.getByRole("button", { name: "Table to edit" }).click();
  await expect(page.getByRole("gridcell", { name: "amy@tabs.example.com" })).toBeVisible();
  await page.close();

  const stranger = await another(context, "/?organisation=strangers");
  await expect(stranger.page.getByText("Drop a roster anywhere")).toBeVisible();
  await stranger.page.getByRole("button", { name: "Browse…" }).focus();
  await expect(stranger.page.getByText("is not imported yet")).toHaveCount(0);

  const third = await another(context, "/?organisation=tabs");
  await expect(third.page.getByRole("heading", { name: "first.csv is not imported yet" })).toBeVisible();
  await third.accessible("a file left in a closed tab");
  await third.page.getByRole("button", { name: "Go on with it" }).click();
  await third.page.getByRole("button", { name: "Table to edit" }).click();
  await expect(third.page.getByRole("gridcell", { name: "amy@tabs.example.com" })).toBeVisible();
});

test("a browser that has no room says so, keeps nothing, and imports all the same", async ({
  page,
  rollcall,
}) => {
  await page.addInitScript(() => {
    const { put } = IDBObjectStore.prototype;
    // As a browser does when its disk is full.
    IDBObjectStore.prototype.put = function (value, key) {
      if (this.name === "edits") this.transaction.abort();
      return put.call(this, value, key);
    };
  });
  await rollcall.open("/?organisation=full");
  await rollcall.choose(mixed("full"));
  await expect(page.getByText("Kept in this browser")).toBeVisible();
  await edit(page, "Error: no-at-sign", "di@full.example.com");
  await expect(page.getByText("This browser cannot keep the file")).toBeVisible();
  await expect.poll(() => kept(page)).toBe(0);
  await rollcall.accessible("a browser that keeps nothing");
  await rollcall.send();
  expect(await rollcall.outcomes()).toMatchObject({ created: 4, rejected: 1 });
});

test("after a day without a change, a file is deleted", async ({ page, rollcall }) => {
  await rollcall.open();
  await rollcall.choose(mixed("old"));
  await expect.poll(() => kept(page)).toBe(2);
  await page.clock.setSystemTime(Date.now() + 25 * 3_600_000);
  await page.reload();
  await expect(page.getByText("Drop a roster anywhere")).toBeVisible();
  await page.reload();
  await expect.poll(() => kept(page)).toBe(0);
});

/** How many things the browser keeps: facts, files and edits. */
function kept(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open("rollcall");
        opening.onerror = () => reject(opening.error ?? new Error("no database"));
        opening.onsuccess = () => {
          const tables = [...opening.result.objectStoreNames];
          const transaction = opening.result.transaction(tables);
          const counts = tables.map((table) => transaction.objectStore(table).count());
          transaction.oncomplete = () => {
            opening.result.close();
            resolve(counts.reduce((sum, { result }) => sum + result, 0));
          };
        };
      }),
  );
}
