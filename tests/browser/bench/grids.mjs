// Rollcall's grid beside AG Grid Community's infinite row model and RevoGrid: each shows the same synthetic rows, which
// a worker answers, and a script tries the keyboard of a spreadsheet and what a screen reader is told; writes its
// tables into docs/performance.md. `ROWS` is how many rows (default 1,000,000), `CHROMIUM` the browser. The grids are
// installed and built by `npm ci && npm run build` in `bench/grids`, after `npm ci` in `web`.

import { readFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { gzipSync } from "node:zlib";

import { AxeBuilder } from "@axe-core/playwright";

import { scroll } from "./handling.mjs";
import { launch, peakOf, put, serveBundles, median } from "./stage.mjs";

const TURNS = Number(process.env.TURNS ?? 3);
const ROWS = Number(process.env.ROWS ?? 1_000_000);
const GRIDS = { ours: "Rollcall", "ag-grid": "AG Grid Community 36.2.0", revogrid: "RevoGrid 4.28.1" };
const BUNDLES = new URL("grids/dist/", import.meta.url);
/** As high as ours is in this window; a button on either side of it for the Tab key. */
const BODY = `<style>body { margin: 0 } #root, revo-grid { height: 558px }</style>
<main><h1>Grid</h1><button id="before">before</button><div id="root"></div><button id="after">after</button></main>`;
/** After a click and a key: RevoGrid loses those that come sooner, and a benchmark is not about that. */
const PAUSE_MS = 200;
/** So often is Tab pressed in a grid before it counts as a trap. */
const MOST_STOPS = 10;

/** A grid in a page of its own. Places are `[row, column]`, counted from 0. */
class Trial {
  constructor(page) {
    this.page = page;
  }

  static async open(browser, address, name) {
    const permissions = ["clipboard-read", "clipboard-write"];
    const viewport = { width: 1360, height: 900 };
    const page = await browser.newPage({ locale: "en-GB", viewport, permissions });
    page.setDefaultTimeout(30_000);
    const started = performance.now();
    await page.goto(`${address}/${name}?rows=${ROWS}`);
    const trial = new Trial(page);
    await (await trial.cell(0, 0)).filter({ hasText: "R1C1" }).waitFor();
    return Object.assign(trial, { opened: performance.now() - started });
  }

  async cell(row, column) {
    return this.page.locator(
      await this.page.evaluate(([row, column]) => globalThis.grid.cell(row, column), [row, column]),
    );
  }

  /** Clicks on a cell, then presses keys; what begins with an apostrophe is typed. */
  async at([row, column], ...keys) {
    await (await this.cell(row, column)).click();
    await this.page.waitForTimeout(PAUSE_MS);
    for (const key of keys) await this.press(key);
  }

  async press(key) {
    const { keyboard } = this.page;
    await (key.startsWith("'") ? keyboard.type(key.slice(1)) : keyboard.press(key));
    await this.page.waitForTimeout(PAUSE_MS);
  }

  /** Whether the keyboard is there, or comes there. */
  isAt(row, column) {
    return this.holds(
      async ([row, column]) => String(await globalThis.grid.active()) === `${row},${column}`,
      [row, column],
    );
  }

  /** Whether the worker has, or gets, this value. */
  stores(row, column, value) {
    return this.holds(
      async ([row, column, value]) => (await globalThis.grid.stored(row, column)) === value,
      [row, column, value],
    );
  }

  /** Whether something comes to be so within a second. */
  async holds(condition, values) {
    for (const end = performance.now() + 1000; performance.now() < end; await this.page.waitForTimeout(20))
      if (await this.page.evaluate(condition, values)) return true;
    return false;
  }

  columns() {
    return this.page.evaluate(() => globalThis.grid.columns);
  }
}

/** What is expected of each grid: true, or what is so instead. */
const KEYS = {
  "arrows go from cell to cell": async (grid) => {
    await grid.at([1, 1], "ArrowDown", "ArrowRight", "ArrowUp", "ArrowUp", "ArrowLeft");
    return grid.isAt(0, 1);
  },
  "Page Down goes on by a screen": async (grid) => {
    await grid.at([1, 0], "PageDown");
    return grid.holds(async () => (await globalThis.grid.active())[0] > 10);
  },
  "Home and End go to the ends of the row": async (grid) => {
    await grid.at([1, 1], "End");
    if (!(await grid.isAt(1, (await grid.columns()) - 1))) return false;
    await grid.press("Home");
    return grid.isAt(1, 0);
  },
  "Ctrl+Home and Ctrl+End go to the first cell and the last": async (grid) => {
    await grid.at([1, 1], "ControlOrMeta+End");
    if (!(await grid.isAt(ROWS - 1, (await grid.columns()) - 1))) return false;
    await grid.press("ControlOrMeta+Home");
    return grid.isAt(0, 0);
  },
  "Ctrl+arrow goes to the end of the column": async (grid) => {
    await grid.at([1, 0], "ControlOrMeta+ArrowDown");
    return grid.isAt(ROWS - 1, 0);
  },
  "the last row is shown there": async (grid) => {
    await grid.at([1, 0], "ControlOrMeta+ArrowDown");
    const last = (await grid.cell(ROWS - 1, 0)).filter({ hasText: `R${ROWS}C1` });
    return last.waitFor({ timeout: 1000 }).then(
      () => true,
      () => false,
    );
  },
  "F2 edits": async (grid) => {
    await grid.at([1, 1], "F2", "ControlOrMeta+a", "'new", "Enter");
    return grid.stores(1, 1, "new");
  },
  "Enter edits, and goes down afterwards": async (grid) => {
    await grid.at([1, 1], "Enter", "ControlOrMeta+a", "'new", "Enter");
    return (await grid.stores(1, 1, "new")) && grid.isAt(2, 1);
  },
  "typing writes over the cell": async (grid) => {
    await grid.at([1, 1], "'new", "Enter");
    return grid.stores(1, 1, "new");
  },
  "Tab goes right after an edit": async (grid) => {
    await grid.at([1, 1], "'new", "Tab");
    return (await grid.stores(1, 1, "new")) && grid.isAt(1, 2);
  },
  "Esc leaves the cell as it was": async (grid) => {
    await grid.at([1, 1], "'new", "Escape", "ArrowDown");
    return (await grid.isAt(2, 1)) && grid.stores(1, 1, "R2C2");
  },
  "Delete empties a cell": async (grid) => {
    await grid.at([1, 1], "Delete");
    return grid.stores(1, 1, "");
  },
  "Shift+arrows select several, which Delete empties": async (grid) => {
    await grid.at([1, 1], "Shift+ArrowDown", "Delete");
    return (await grid.stores(1, 1, "")) && grid.stores(2, 1, "");
  },
  "Ctrl+C copies several cells": async (grid) => {
    await grid.at([1, 1], "Shift+ArrowDown", "Shift+ArrowRight", "ControlOrMeta+c");
    return grid.holds(
      async (text) => (await navigator.clipboard.readText()).trim().replaceAll("\r", "") === text,
      "R2C2\tR2C3\nR3C2\tR3C3",
    );
  },
  "Ctrl+V pastes over several cells": async (grid) => {
    await grid.page.evaluate(() => navigator.clipboard.writeText("a\tb\nc\td"));
    await grid.at([1, 1], "ControlOrMeta+v");
    return (await grid.stores(1, 1, "a")) && grid.stores(2, 2, "d");
  },
  "Ctrl+D fills down": async (grid) => {
    await grid.at([1, 1], "Shift+ArrowDown", "Shift+ArrowDown", "ControlOrMeta+d");
    return grid.stores(3, 1, "R2C2");
  },
  "Ctrl+Z takes an edit back": async (grid) => {
    await grid.at([1, 1], "'new", "Enter");
    if (!(await grid.stores(1, 1, "new"))) return false;
    await grid.press("ControlOrMeta+z");
    return grid.stores(1, 1, "R2C2");
  },
  "Ctrl+Shift+Z makes it again": async (grid) => {
    await grid.at([1, 1], "'new", "Enter");
    if (!(await grid.stores(1, 1, "new"))) return false;
    await grid.press("ControlOrMeta+z");
    if (!(await grid.stores(1, 1, "R2C2"))) return false;
    await grid.press("ControlOrMeta+Shift+z");
    return grid.stores(1, 1, "new");
  },
};

const SAID = {
  "one stop for the Tab key": async ({ page }) => {
    await page.locator("#before").focus();
    for (let stops = 0; stops <= MOST_STOPS; stops++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => document.activeElement.id === "after"))
        return stops === 1 || `${stops} stops`;
    }
    return `more than ${MOST_STOPS} stops`;
  },
  "`aria-rowcount` counts the rows and the header": async ({ page }) => {
    const said = await page.evaluate(() =>
      [...document.querySelectorAll("[aria-rowcount]")].map((grid) => Number(grid.ariaRowCount)),
    );
    return said.includes(ROWS + 1) || said.join(", ") || "there is none";
  },
  "`aria-rowindex` counts them, too": async ({ page }) => {
    await jump(page);
    const cell = page.getByText(/^R\d+C1$/).first();
    const said = await cell.evaluate((cell) => [
      cell.textContent,
      Number(cell.closest("[aria-rowindex]")?.ariaRowIndex),
    ]);
    // The header is the first row.
    const right = Number(/^R(\d+)/.exec(said[0].trim())[1]) + 1;
    return said[1] === right || (said[1] ? `${said[1]} instead of ${right}` : "there is none");
  },
  "the focus names the active cell": async (grid) => {
    await grid.at([1, 1]);
    const named = () => {
      const focused = document.activeElement;
      const cell = document.getElementById(focused.getAttribute("aria-activedescendant")) ?? focused;
      return cell.role === "gridcell" && cell.textContent.includes("R2C2");
    };
    return grid.holds(named);
  },
  "axe finds nothing": async ({ page }) => {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include("#root").analyze();
    return violations.length === 0 || violations.map(({ id }) => `\`${id}\``).join(", ");
  },
};

/** Scrolls to the middle, and waits until rows are there. */
async function jump(page) {
  await page.evaluate(() => {
    const scrolled = document.querySelector(globalThis.grid.scrolled);
    scrolled.scrollTop = (scrolled.scrollHeight - scrolled.clientHeight) / 2;
  });
  const far = String(Math.floor(ROWS / 2)).slice(0, 2);
  await page
    .getByText(new RegExp(`^R${far}\\d*C1$`))
    .first()
    .waitFor({ timeout: 5000 });
}

async function alone(work, server, name) {
  const browser = await launch();
  try {
    const grid = await Trial.open(browser, server.address, name);
    return await work(grid, browser);
  } finally {
    await browser.close();
  }
}

/** What a grid costs: each turn in a browser of its own. */
async function cost(grid, browser) {
  const { page, opened } = grid;
  const nodes = () => page.evaluate(() => document.querySelectorAll("#root *").length);
  const atFirst = await nodes();
  const frame = await scroll(page, await page.evaluate(() => globalThis.grid.scrolled));
  return { opened, frame, nodes: Math.max(atFirst, await nodes()), memory: await peakOf(browser) };
}

/** Tries each expectation on a fresh grid. */
async function tried(expectations, server, name) {
  const said = [];
  for (const [expectation, holds] of Object.entries(expectations)) {
    const failure = (error) => String(error).split("\n")[0];
    const result = await alone(holds, server, name).catch(failure);
    console.log(name, expectation, result);
    said.push(result === true ? "yes" : result === false ? "no" : `no: ${result}`);
  }
  return said;
}

async function packed(name) {
  const files = ["js", "css"].map((ending) =>
    readFile(new URL(`${name}.${ending}`, BUNDLES)).catch(() => ""),
  );
  const sizes = (await Promise.all(files)).map((file) => file && gzipSync(file, { level: 9 }).length);
  return sizes.reduce((all, size) => all + Number(size), 0);
}

const load = loadavg()[0].toFixed(1);
const server = await serveBundles(BUNDLES, BODY);
const names = Object.keys(GRIDS);
const turns = Object.fromEntries(names.map((name) => [name, []]));
for (let turn = 0; turn < TURNS; turn++)
  for (const name of names) {
    const taken = await alone(cost, server, name);
    console.log(name, taken);
    turns[name].push(taken);
  }
const expectations = { ...KEYS, ...SAID };
const answers = {};
for (const name of names) answers[name] = await tried(expectations, server, name);
server.stop();

const of = (name, field) => median(turns[name].map((turn) => turn[field]));
const costs = await Promise.all(
  names.map(async (name) => {
    const size = ((await packed(name)) / 1000).toFixed(0);
    const times = ["opened", "frame"].map((field) => `${of(name, field).toFixed(0)} ms`).join(" | ");
    const memory = (of(name, "memory") / 2 ** 20).toFixed(0);
    return `| ${GRIDS[name]} | ${size} kB | ${times} | ${of(name, "nodes")} | ${memory} MiB |`;
  }),
);
const lines = Object.keys(expectations).map(
  (expectation, index) => `| ${expectation} | ${names.map((name) => answers[name][index]).join(" | ")} |`,
);

await put(
  "npm run grids --prefix tests/browser",
  `${cpus()[0].model}, ${cpus().length} cores, load average ${load} when the benchmark began;
${ROWS.toLocaleString("en")} rows of 43 columns; ${TURNS} turns, medians.

| grid | gzipped | first rows shown | a frame while scrolling, p95 | DOM nodes | peak of the renderer |
|---|---:|---:|---:|---:|---:|
${costs.join("\n")}

| what is expected | ${names.map((name) => GRIDS[name]).join(" | ")} |
|---|${names.map(() => "---|").join("")}
${lines.join("\n")}
`,
);
