/** Which column of the file is which, and how the file is read. */

import { csv, roster } from "./rosters.ts";
import { expect, test } from "./rollcall.ts";

/** A retail roster of two people under headers that nobody could know. */
function strange(name: string, tag: string) {
  const file = roster(name, [{ Email: `ann@${tag}.example.com` }, { Email: `bo@${tag}.example.com` }]);
  const text = file.buffer
    .toString()
    .replace("StudentFirstName", "Rufname")
    .replace("ClientType", "Art der Person");
  return csv(name, text);
}

test("a file without doubts goes straight to the review, and its columns can still be looked at", async ({
  page,
  rollcall,
}) => {
  await rollcall.open();
  await rollcall.choose(roster("plain.csv", [{}]));
  await expect(rollcall.figure("ready")).toHaveText("1");
  await page.getByRole("navigation", { name: "Steps" }).getByRole("link", { name: "Match columns" }).click();
  await expect(rollcall.heading("Match columns")).toBeFocused();
  await expect(rollcall.target("StudentLastName")).toHaveValue("StudentLastName");
  await expect(page.getByText("The row is ready to import.")).toBeVisible();
  await rollcall.accessible("match columns");
});

test("columns that nobody knows are matched by hand, imported so, and remembered until told to forget", async ({
  page,
  rollcall,
}) => {
  await rollcall.open("/?organisation=match");
  await rollcall.drop(strange("spring.csv", "spring"));
  await expect(rollcall.heading("Match columns")).toBeVisible();
  await expect(page.getByText("Without these columns no row can be imported.")).toBeVisible();
  await rollcall.accessible("match with columns missing");
  await expect(page.getByRole("row", { name: /Rufname/ })).toContainText("Ada");

  await rollcall.target("Rufname").selectOption("StudentFirstName");
  await rollcall.target("Art der Person").selectOption("ClientType");
  await expect(page.getByText("All 2 rows are ready to import.")).toBeVisible();
  await rollcall.target("Address1City").selectOption("Not imported");
  await expect(page.getByText("All 2 rows are ready to import.")).toBeVisible();
  await page.getByRole("link", { name: "Continue to review" }).click();
  await expect(rollcall.figure("ready")).toHaveText("2");
  await rollcall.send();
  expect(await rollcall.outcomes()).toMatchObject({ created: 2, rejected: 0 });

  await rollcall.open("/?organisation=match");
  await rollcall.choose(strange("summer.csv", "summer"));
  await expect(rollcall.figure("ready")).toHaveText("2");
  const kept = await page.evaluate(() => JSON.stringify(localStorage));
  expect(kept).not.toContain("Rufname");
  expect(kept).not.toContain("Ada");

  await page.getByRole("link", { name: "Match the columns" }).click();
  await expect(page.getByText("Matched as in your last file with these headers.")).toBeVisible();
  await page.getByRole("button", { name: "Forget that" }).click();
  await expect(rollcall.target("Rufname")).toHaveValue("");
  await rollcall.open("/?organisation=match");
  await rollcall.drop(strange("autumn.csv", "autumn"));
  await expect(rollcall.heading("Match columns")).toBeVisible();
});

test("two columns of one name: both say so, and one is chosen", async ({ page, rollcall }) => {
  await rollcall.open();
  const text =
    "Email,First Name,Last Name,Home Phone,Work Phone\nann@example.com,Ann,Lee,617 555 0142,617 555 0143\n";
  await rollcall.drop(csv("phones.csv", text), { program: "Clients" });
  await expect(rollcall.heading("Match columns")).toBeVisible();
  const home = page.getByRole("row", { name: /^Home Phone|Home Phone 617/ });
  await expect(home.first()).toContainText("Work Phone is a name of Phone, too.");
  await rollcall.accessible("a column claimed twice");
  await page.getByRole("button", { name: "Take it for Phone" }).click();
  await expect(rollcall.target("Work Phone")).toHaveValue("Phone");
  await expect(rollcall.target("Home Phone")).toHaveValue("");
  await expect(page.getByText("is a name of Phone")).toHaveCount(0);
});

test("a column known by its values alone is asked about until somebody says yes", async ({
  page,
  rollcall,
}) => {
  await rollcall.open();
  const rows = ["ann", "bo", "cy"].map((name) => `${name}@example.com,${name},Lee\n`).join("");
  await rollcall.drop(csv("guess.csv", `Contact,First Name,Last Name\n${rows}`), { program: "Clients" });
  await expect(rollcall.heading("Match columns")).toBeVisible();
  await expect(page.getByRole("row", { name: /^Contact|Contact ann/ })).toContainText("Its values: check it");
  await page.getByRole("button", { name: "That is right" }).click();
  await expect(page.getByRole("button", { name: "That is right" })).toHaveCount(0);
  await expect(rollcall.target("Contact")).toHaveValue("Email");
  await expect(page.getByText("All 3 rows are ready to import.")).toBeVisible();
});

test("dates that can be read in two ways are asked about once", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=dates");
  const file = roster("dates.csv", [{ Email: "ann@dates.example.com" }])
    .buffer.toString()
    .trimEnd();
  const [header, row] = file.split("\r\n");
  await rollcall.drop(csv("dates.csv", `${header},BirthDay\r\n${row},3/4/2011\r\n`));
  await expect(page.getByText("one date can be read with the day or the month first").first()).toBeVisible();
  await page.getByRole("combobox", { name: "Dates such as 3/4/2011" }).selectOption("Day first: 3 April");
  await expect(page.getByText("The row is ready to import.")).toBeVisible();
  await page.getByRole("link", { name: "Continue to review" }).click();
  await rollcall.send();
  expect(await rollcall.outcomes()).toMatchObject({ created: 1, rejected: 0 });
});

test("the importer knows better how a text is encoded and laid out", async ({ page, rollcall }) => {
  await rollcall.open("/?organisation=encoding");
  const lines = roster("mac.csv", [
    { Email: "jo@mac.example.com", StudentFirstName: "Jos?" },
  ]).buffer.toString();
  const bytes = Buffer.from(`Email,ClientType\r\n${lines.replaceAll(",", ";")}`, "latin1");
  bytes[bytes.indexOf("?")] = 0x8e;
  await rollcall.choose({ ...csv("mac.csv", ""), buffer: bytes });
  await page.getByRole("link", { name: "Match the columns" }).first().click();
  await page.getByText("How the file is read").click();
  await page.getByRole("combobox", { name: "Encoding" }).selectOption("Mac Roman");
  await expect(page.getByText("José")).toBeVisible();
  await page.getByRole("spinbutton", { name: "Row of the header" }).fill("1");
  await page.keyboard.press("Tab");
  await expect(page.getByText("header in row 1")).toBeVisible();
  await page.getByRole("spinbutton", { name: "Row of the header" }).fill("2");
  await page.keyboard.press("Tab");
  await expect(page.getByText("header in row 2")).toBeVisible();
  await page.getByRole("combobox", { name: "Between the cells" }).selectOption("semicolon");
  await expect(page.getByText("The row is ready to import.")).toBeVisible();
  await rollcall.accessible("how the file is read");
  await page.getByRole("link", { name: "Continue to review" }).click();
  await rollcall.send();
  expect(await rollcall.outcomes()).toMatchObject({ created: 1, rejected: 0 });
});

test("another sheet of a workbook", async ({ page, rollcall }) => {
  await rollcall.open();
  await page.getByRole("radio", { name: "Learners" }).check();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Template (XLSX)" }).click(),
  ]);
  await rollcall.chooser.setInputFiles({
    name: "learners.xlsx",
    mimeType: "",
    buffer: await rollcall.bytes(download),
  });
  await page.getByRole("link", { name: "Match the columns" }).first().click();
  await page.getByText("How the file is read").click();
  const sheet = page.getByRole("combobox", { name: "Sheet" });
  await expect(sheet.locator("option:checked")).toHaveText("All together: Instructors, Parents and Students");
  await sheet.selectOption("Parents");
  await expect(page.getByText("Sheet Parents")).toBeVisible();
});

test("columns are matched by keyboard alone", async ({ page, rollcall }) => {
  await rollcall.open();
  await rollcall.drop(strange("keys.csv", "keys"));
  await expect(rollcall.heading("Match columns")).toBeFocused();
  const reach = async (name: string) => {
    const target = rollcall.target(name);
    for (let presses = 0; presses < 60; presses += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`The keyboard does not reach ${name}.`);
  };
  await reach("Rufname");
  await page.keyboard.type("StudentF");
  await expect(rollcall.target("Rufname")).toHaveValue("StudentFirstName");
  await expect(rollcall.target("Rufname")).toBeFocused();
  await reach("Art der Person");
  await page.keyboard.type("ClientT");
  await expect(page.getByText("All 2 rows are ready to import.")).toBeVisible();
});
