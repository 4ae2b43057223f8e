/** The worker answers whoever edits before it goes on with long work of its own: the order is shown, not the time. */

import type { Page } from "@playwright/test";

import { roster } from "./rosters.ts";
import { expect, test } from "./rollcall.ts";

/** What a message from the worker says, of which only a part is looked at. */
interface Reply {
  kind: string;
  id?: number;
  steps?: { done: number; total: number };
}

/** Notes the kinds of the worker's messages from here on, and asks it for a row when it has sent one of a kind. */
async function askUpon(page: Page, kind: string): Promise<() => Promise<string[]>> {
  await page.addInitScript((kind) => {
    const heard: string[] = [];
    const ID = -1;
    let asked = false;
    class Watched extends Worker {
      constructor(...values: ConstructorParameters<typeof Worker>) {
        super(...values);
        this.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
          const isOver = data.steps && data.steps.done >= data.steps.total;
          heard.push(data.id === ID ? "answer" : isOver ? "checked" : data.kind);
          if (data.kind !== kind || asked) return;
          asked = true;
          this.postMessage({ kind: "roster", id: ID, call: "window", values: [0, 1] });
        });
      }
    }
    Object.assign(globalThis, { Worker: Watched, heard });
  }, kind);
  return () => page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
}

test("while the whole roster is checked again after an edit, a row is to be had", async ({
  page,
  rollcall,
}) => {
  const heard = await askUpon(page, "steps");
  await rollcall.open();
  const rows = Array.from({ length: 40_000 }, (_, index) => ({ Email: `number.${index}@pace.example.com` }));
  await rollcall.choose(roster("pace.csv", rows));
  await page.getByRole("button", { name: "Table to edit" }).click();
  await page.getByRole("gridcell", { name: "number.0@pace.example.com" }).dblclick();
  await page.getByRole("textbox", { name: /^Edit/ }).fill("no-at-sign");
  await page.keyboard.press("Enter");
  await expect.poll(heard).toContain("checked");
  const all = await heard();
  expect(all).toContain("answer");
  expect(all.indexOf("answer")).toBeLessThan(all.indexOf("checked"));
});
