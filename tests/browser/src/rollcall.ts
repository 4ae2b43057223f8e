/** What the tests say and do: the page's steps as a person takes them. */

import { AxeBuilder } from "@axe-core/playwright";
import { type Download, type Locator, type Page, test as base, expect } from "@playwright/test";

import type { Roster } from "./rosters.ts";
import { type Stack, startStack } from "./stack.ts";

export { expect };

/** A page at its worker's stack, watched: a message in the console or a refusal by the policy fails the test. */
export const test = base.extend<{ rollcall: Rollcall }, { stack: Stack }>({
  stack: [
    async ({}, use) => {
      const stack = await startStack();
      await use(stack);
      await stack.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ stack }, use) => use(stack.address),
  rollcall: async ({ page }, use) => {
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && !/Failed to load resource/.test(message.text()))
        faults.push(message.text());
    });
    page.on("request", (request) => {
      if (!/^(http:\/\/127\.0\.0\.1:|blob:|data:)/.test(request.url())) faults.push(`asked ${request.url()}`);
    });
    await use(new Rollcall(page));
    expect(faults).toEqual([]);
  },
});

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** What other colours or another width can break of a page whose elements are the same. */
const LOOKS = [
  "color-contrast",
  "link-in-text-block",
  "meta-viewport",
  "css-orientation-lock",
  "scrollable-region-focusable",
  "target-size",
];

export type Outcome = "created" | "updated" | "unchanged" | "skipped" | "rejected";

export class Rollcall {
  constructor(readonly page: Page) {}

  async open(address = "/"): Promise<void> {
    await this.page.goto(address);
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole("heading", { level: 1, name });
  }

  /** Hands over a file of whose columns nothing is in doubt. */
  async choose(file: Roster | string, { program = "Retail", invite = false } = {}): Promise<void> {
    await this.page.getByRole("checkbox", { name: /deferred registration/ }).setChecked(invite);
    await this.drop(file, { program });
    await expect(this.heading("Review")).toBeVisible();
  }

  async drop(file: Roster | string, { program = "Retail" } = {}): Promise<void> {
    await this.page.getByRole("radio", { name: program }).check();
    await this.chooser.setInputFiles(file);
  }

  /** Where a roster is handed over; schemas have one of their own. */
  get chooser(): Locator {
    return this.page.locator("input[type=file][accept*='.csv']");
  }

  /** What a column of the file is taken for. */
  target(header: string): Locator {
    return this.page.getByRole("combobox", { name: `Read ${header} as`, exact: true });
  }

  /** A figure of the verdict. */
  figure(name: "rows" | "ready" | "errors" | "warnings"): Locator {
    return this.page.locator(`[data-figure=${name}]`);
  }

  async send(timeout?: number): Promise<void> {
    await this.page.getByRole("button", { name: "Upload and compare" }).click();
    await expect(this.page.getByText("This is what the import would do.")).toBeVisible({ timeout });
  }

  async confirm(): Promise<void> {
    await this.page.getByRole("link", { name: "Continue to confirm" }).click();
    await expect(this.heading("Confirm")).toBeVisible();
    await this.page.getByRole("button", { name: /^Import [\d,]+ rows?$/ }).click();
    await expect(this.heading("Results")).toBeVisible();
  }

  async finished(timeout?: number): Promise<void> {
    await expect(this.page.getByText(/^Finished/)).toBeVisible({ timeout });
  }

  async outcomes(): Promise<Record<Outcome, number>> {
    const figures = this.page.locator("[data-outcome]");
    await expect(figures).toHaveCount(5);
    const pairs = await figures.evaluateAll((all) =>
      all.map((figure) => [figure.getAttribute("data-outcome"), figure.textContent]),
    );
    return Object.fromEntries(pairs.map(([name, text]) => [name, Number(text?.replaceAll(",", ""))]));
  }

  /** Downloads a result and gives its text. */
  async download(name: string): Promise<string> {
    const [download] = await Promise.all([
      this.page.waitForEvent("download"),
      this.page.getByRole("listitem").filter({ hasText: name }).getByRole("button").click(),
    ]);
    return (await this.bytes(download)).toString();
  }

  async bytes(download: Download): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of await download.createReadStream()) parts.push(part as Buffer);
    return Buffer.concat(parts);
  }

  /** Lets the minute's work happen now, and counts the mails. */
  async mails(): Promise<number> {
    await this.page.request.post("/dev/tick");
    const inbox = await this.page.request.get("/dev/inbox.json");
    return ((await inbox.json()) as { total: number }).total;
  }

  /** Lets axe look at the page: by all rules, or by those that depend on how it looks alone. */
  async accessible(step: string, rules: "all" | "looks" = "all"): Promise<void> {
    // There are no frames of other origins, for which alone the other mode opens a page of its own each time.
    const axe = new AxeBuilder({ page: this.page }).setLegacyMode(true);
    // To look into a shadow root's stylesheets, axe writes styles of its own, which the policy refuses.
    if ((await this.page.locator("rollcall-import").count()) > 0) axe.options({ preload: false });
    const { violations } = await (rules === "all" ? axe.withTags(TAGS) : axe.withRules(LOOKS)).analyze();
    const found = violations.map(
      ({ id, nodes }) => `${step}: ${id}: ${nodes.map(({ html }) => html).join(" ")}`,
    );
    expect(found).toEqual([]);
  }
}
