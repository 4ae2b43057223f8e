/** The importer as an element in somebody else's page. */

import type { Page } from "@playwright/test";

import { mixed } from "./rosters.ts";
import { expect, test } from "./rollcall.ts";

/** What the example page has heard of the element, by the event's name. */
async function heard(page: Page, name: string): Promise<Record<string, unknown>[]> {
  const lines = await page.locator("#events li").allTextContents();
  const ours = lines.filter((line) => line.startsWith(`${name} `));
  return ours.map((line) => JSON.parse(line.slice(name.length)) as Record<string, unknown>);
}

test("a file is imported in another page, which hears of each step and stays as it is", async ({
  page,
  rollcall,
}) => {
  await rollcall.open("/example.html?organisation=hillside");
  await expect(page.getByRole("radio", { name: "Retail" })).toBeChecked();
  await expect(page.getByRole("radio", { name: "Clients" })).toHaveCount(0);
  await rollcall.accessible("the element");
  await rollcall.choose(mixed("element"));
  await expect(rollcall.figure("rows")).toHaveText("6");
  await rollcall.accessible("review in the element");
  await rollcall.send();
  await rollcall.confirm();
  await rollcall.finished();
  await rollcall.accessible("results in the element");

  const steps = (await heard(page, "rollcall-step")).map(({ step }) => step);
  expect(steps.filter((step, index) => step !== steps[index - 1])).toEqual([
    "upload",
    "review",
    "dryRun",
    "confirm",
    "results",
  ]);
  const [finished, ...more] = await heard(page, "rollcall-finished");
  expect(finished).toMatchObject({ outcomes: { created: 3, rejected: 2 } });
  expect(more).toEqual([]);

  expect(page.url()).toMatch(/example\.html\?organisation=hillside$/);
  await expect(page).toHaveTitle("A platform with an importer in it");
  await page.reload();
  await page.evaluate(
    (id) => document.querySelector("rollcall-import")!.setAttribute("import", id),
    `${finished!.import}`,
  );
  await rollcall.finished();
});

test("neither page's styles reach into the other", async ({ page, rollcall }) => {
  await rollcall.open("/example.html");
  const browse = page.getByRole("button", { name: "Browse…" });
  await expect(browse).toHaveCSS("text-transform", "none");
  await expect(browse).not.toHaveCSS("font-family", /Courier/);
  await expect(page.getByRole("heading", { name: "Hillside Platform" })).toHaveCSS("font-family", /Courier/);
  await expect(page.locator("body")).toHaveCSS("background-color", "rgb(255, 247, 224)");
});

test("a token that is accepted no more is asked for anew, and the import goes on", async ({
  page,
  rollcall,
}) => {
  await page.route("**/dev/token*", (route) => route.fulfill({ json: { token: "e30.e30.e30" } }), {
    times: 1,
  });
  await rollcall.open("/example.html?organisation=renewed");
  await rollcall.choose(mixed("renewed"));
  await rollcall.send();
  expect(await heard(page, "rollcall-token-needed")).toHaveLength(2);
});

test("files dropped and rows pasted beside the element are not its own", async ({ page, rollcall }) => {
  await rollcall.open("/example.html");
  await expect(page.getByRole("radio", { name: "Retail" })).toBeChecked();
  const { name, buffer } = mixed("beside");
  const transfer = await page.evaluateHandle(
    ([text, fileName]) => {
      const data = new DataTransfer();
      data.items.add(new File([text!], fileName!, { type: "text/csv" }));
      return data;
    },
    [buffer.toString(), name],
  );
  await page.getByRole("banner").dispatchEvent("drop", { dataTransfer: transfer });
  await page.getByRole("banner").dispatchEvent("paste", { clipboardData: transfer });
  await expect(page.getByText("Drop a roster")).toBeVisible();
  await page.getByText("Drop a roster").dispatchEvent("drop", { dataTransfer: transfer });
  await expect(rollcall.figure("rows")).toHaveText("6");
});

test("the element speaks as the page around it, and can be taken out and put back", async ({
  page,
  rollcall,
}) => {
  await rollcall.open("/example.html");
  await expect(rollcall.heading("Import people from a file")).toBeVisible();
  await page.evaluate(() => {
    const element = document.querySelector("rollcall-import")!;
    element.remove();
    element.setAttribute("lang", "de");
    document.querySelector("main")!.append(element);
  });
  await expect(rollcall.heading("Personen aus einer Datei importieren")).toBeVisible();
  expect(await page.evaluate(() => localStorage.getItem("rollcall.language"))).toBeNull();
});
