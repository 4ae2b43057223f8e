/** The page speaks the browser's language, or the one that is chosen. */

import { roster } from "./rosters.ts";
import { expect, test } from "./rollcall.ts";

const many = roster(
  "viele.csv",
  Array.from({ length: 1200 }, (_, index) => ({
    Email: `p${index}@viele.example.com`,
    ...(index === 7 && { ClientType: "student" }),
  })),
);

test.describe("in a German browser", () => {
  test.use({ locale: "de-DE" });

  test("a file is imported in German", async ({ page, rollcall }) => {
    await rollcall.open("/?organisation=deutsch");
    await expect(rollcall.heading("Personen aus einer Datei importieren")).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("lang", "de");
    await expect(page.getByText("Bis zu 1.000.000 Zeilen und 500 MB.")).toBeVisible();
    await rollcall.accessible("Datei");

    await rollcall.drop(many);
    await expect(page.getByText("1.199 von 1.200 Zeilen können importiert werden.")).toBeVisible();
    // The rules speak English, and say so.
    await expect(page.getByText("is not one of").first()).toHaveAttribute("lang", "en");
    await rollcall.accessible("Prüfen");
    await page.getByRole("button", { name: "Hochladen und vergleichen" }).click();
    await expect(page.getByText("Das würde der Import tun.")).toBeVisible();
    await rollcall.accessible("Probelauf");
    await page.getByRole("link", { name: "Weiter zum Bestätigen" }).click();
    await expect(page.getByText(/wird 1\.199 neue Personen anlegen und 1 Zeile mit Fehlern/)).toBeVisible();
    await page.getByRole("button", { name: "1.199 Zeilen importieren" }).click();
    await expect(page.getByText(/^Fertig am \d\d\.\d\d\.\d{4}/)).toBeVisible();
    await rollcall.accessible("Ergebnis");
    await page.getByRole("navigation", { name: "Seiten" }).getByRole("link", { name: "Verlauf" }).click();
    await expect(page.getByRole("row", { name: /viele\.csv/ })).toContainText("1.199 angelegt");
    await rollcall.accessible("Verlauf");
  });
});

test("the language is changed at any step, and stays", async ({ page, rollcall }) => {
  await rollcall.open();
  await rollcall.choose(many);
  await expect(rollcall.figure("rows")).toHaveText("1,200");
  await page.getByRole("combobox", { name: "Language" }).selectOption("Deutsch");
  await expect(rollcall.heading("Prüfen")).toBeVisible();
  await expect(rollcall.figure("rows")).toHaveText("1.200");
  await expect(page).toHaveTitle("Prüfen · Rollcall");
  await page.reload();
  await expect(rollcall.heading("Prüfen")).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await page.getByRole("combobox", { name: "Sprache" }).selectOption("English");
  await expect(rollcall.heading("Review")).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});
