/** Pictures of every step, light and dark, wide and narrow, to be looked at: results/screenshots. */

import { unfamiliar, varied } from "./rosters.ts";
import { expect, test } from "./rollcall.ts";

const SCREENS = [
  { name: "wide", width: 1360, height: 900 },
  { name: "narrow", width: 360, height: 780 },
] as const;

for (const { name, width, height } of SCREENS) {
  test.describe(name, () => {
    test.use({ viewport: { width, height } });

    test("each step fits the screen", async ({ page, rollcall }) => {
      test.setTimeout(120_000);
      const picture = async (step: string) => {
        for (const colorScheme of ["dark", "light"] as const) {
          await page.emulateMedia({ colorScheme });
          const path = `results/screenshots/${name}-${colorScheme}-${step}.png`;
          await page.screenshot({ path, animations: "disabled" });
          await rollcall.accessible(
            `${step}, ${name}, ${colorScheme}`,
            colorScheme === "light" ? "all" : "looks",
          );
        }
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wider, `${step} is wider than the screen`).toBeLessThanOrEqual(0);
        const below = await page.evaluate(() => {
          const end = scrollY + document.querySelector("main")!.getBoundingClientRect().bottom;
          return document.documentElement.scrollHeight - Math.max(innerHeight, end);
        });
        expect(below, `${step} goes on below its end`).toBeLessThanOrEqual(80);
      };

      await rollcall.open(`/?organisation=northside-${name}`);
      await page.getByRole("radio", { name: "Retail" }).check();
      await picture("1-upload");
      await rollcall.drop(unfamiliar("last-term"));
      await expect(rollcall.heading("Match columns")).toBeVisible();
      await picture("1b-match");
      await page.getByText("How the file is read").click();
      await rollcall.target("Contact").scrollIntoViewIfNeeded();
      await picture("1c-match-reading");
      await page.getByRole("link", { name: "Upload", exact: true }).click();
      await rollcall.choose(varied("spring-term"), { invite: true });
      await expect(page.getByRole("button", { name: "Upload and compare" })).toBeVisible();
      await expect(page.getByRole("table", { name: "Table of rows" })).toBeVisible();
      await picture("2-review");
      await rollcall.send();
      await picture("3-dry-run");
      await page.getByRole("link", { name: "Continue to confirm" }).click();
      await expect(rollcall.heading("Confirm")).toBeVisible();
      await picture("4-confirm");
      await page.getByRole("button", { name: /^Import [\d,]+ rows$/ }).click();
      await expect(rollcall.heading("Results")).toBeVisible();
      await picture("5-importing");
      await rollcall.finished(60_000);
      await picture("6-results");
      await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "History" }).click();
      await expect(rollcall.heading("History")).toBeVisible();
      await expect(page.getByRole("rowheader")).toBeVisible();
      await picture("7-history");
    });
  });
}
