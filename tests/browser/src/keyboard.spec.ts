/** The whole job without a mouse. */

import { mixed } from "./rosters.ts";
import { expect, test } from "./rollcall.ts";

test("a file is imported by keyboard alone, and the focus follows the steps", async ({ page, rollcall }) => {
  /** Tabs until the focus is on what has this name. */
  const reach = async (role: "button" | "link" | "radio" | "checkbox", name: string | RegExp) => {
    const target = page.getByRole(role, { name }).first();
    await expect(target).toBeVisible();
    for (let presses = 0; presses < 60; presses += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`The keyboard does not reach ${role} ${name}.`);
  };

  // Waited for from the beginning: the browser is told to hand over choosers, and that takes it a moment.
  const chooser = page.waitForEvent("filechooser");
  await rollcall.open("/?organisation=keyboard");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await reach("radio", "Retail");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: "International" })).toBeChecked();
  await page.keyboard.press("ArrowUp");
  await expect(page.getByRole("radio", { name: "Retail" })).toBeChecked();
  await reach("radio", /^Add missing fields/);
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: /^Update/ })).toBeChecked();
  await reach("checkbox", /deferred registration/);
  await page.keyboard.press("Space");
  await reach("button", "Browse…");
  await page.keyboard.press("Enter");
  await (await chooser).setFiles(mixed("keyboard"));

  await expect(rollcall.heading("Review")).toBeFocused();
  await reach("button", "Upload and compare");
  await page.keyboard.press("Enter");
  await expect(rollcall.heading("Dry run")).toBeFocused();
  await reach("link", "Continue to confirm");
  await page.keyboard.press("Enter");
  await expect(rollcall.heading("Confirm")).toBeFocused();
  await reach("button", "Import 4 rows");
  await page.keyboard.press("Enter");
  await expect(rollcall.heading("Results")).toBeFocused();
  await rollcall.finished();
});
