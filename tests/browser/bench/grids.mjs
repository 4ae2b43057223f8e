// AG Grid Community (infinite row model) and RevoGrid with a million rows that are made up when they are asked for, beside
// our own grid in Rollcall's page with a roster of a million rows; writes its table into docs/performance.md. `ROSTER`
// names the roster, of the program `retail`; `CHROMIUM`, `ROLLCALL` and `ROLLCALL_PAGE` are as for the tests. The
// libraries are installed and built by `npm ci && npm run build` in `bench/grids`.

import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

import { scroll } from "./handling.mjs";
import { launch, put, serveBundles, serveRollcall } from "./stage.mjs";

const BUNDLES = new URL("grids/dist/", import.meta.url);
const ROWS = 1_000_000;
const roster = process.env.ROSTER;
if (!roster) throw new Error("ROSTER names no roster.");

const GRIDS = {
  "AG Grid Community 36.2": {
    name: "ag-grid",
    grid: "[role=grid], [role=treegrid]",
    scroller: ".ag-body-viewport, .ag-grid-viewport",
    cell: (row, column) => `[row-index="${row}"] [aria-colindex="${column + 1}"]`,
  },
  "RevoGrid 4.28": {
    name: "revogrid",
    grid: "revo-grid",
    scroller: "revogr-viewport-scroll.rgCol .vertical-inner",
    cell: (row, column) => `.rgCell[data-rgrow="${row}"][data-rgcol="${column}"]`,
  },
  "our own": {
    grid: "[role=grid]",
    scroller: "[role=grid]",
    cell: (row, column) => `#cell-${row}-${column}`,
  },
};

async function open(page, { name }, servers) {
  if (name) return page.goto(`${servers.bundles}/${name}`);
  await page.goto(`${servers.rollcall}/?organisation=grids`);
  await page.getByRole("radio", { name: "Retail" }).check();
  await page.locator("input[type=file]").setInputFiles(roster);
  await page.getByRole("button", { name: "Table to edit" }).click({ timeout: 120_000 });
}

async function tryOut(definition, servers) {
  const browser = await launch();
  try {
    const page = await browser.newPage({ locale: "en-GB", viewport: { width: 1360, height: 900 } });
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await open(page, definition, servers);
    await page.locator(definition.cell(0, 0)).waitFor({ timeout: 60_000 });
    const frame = await scroll(page, definition.scroller);
    const end = await atTheEnd(page, definition);
    const keyboard = await copyAndPaste(page, definition);
    const size = definition.name ? await sizeOf(definition.name) : null;
    return { frame, ...end, ...keyboard, size };
  } finally {
    await browser.close();
  }
}

/** Whether the last row is to be seen, and what is said there of how many rows there are and of where it is. */
function atTheEnd(page, { grid, scroller }) {
  return page.evaluate(
    async ([grid, scroller]) => {
      const scrolled = document.querySelector(scroller);
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      for (let frames = 0; frames < 120; frames++) {
        scrolled.scrollTop = scrolled.scrollHeight;
        await frame();
      }
      const root = document.querySelector(grid);
      const counted = [root, ...root.querySelectorAll("[aria-rowcount]")];
      const indices = [...root.querySelectorAll("[aria-rowindex]")];
      return {
        count: Math.max(...counted.map((element) => Number(element.getAttribute("aria-rowcount") ?? 0))),
        last: Math.max(0, ...indices.map((element) => Number(element.getAttribute("aria-rowindex")))),
        stops: [root, ...root.querySelectorAll("*")].filter(({ tabIndex }) => tabIndex >= 0).length,
      };
    },
    [grid, scroller],
  );
}

/** Selects two cells by keyboard, copies them, and pastes two others; whether each was done. */
async function copyAndPaste(page, { scroller, cell }) {
  await page.evaluate((scroller) => (document.querySelector(scroller).scrollTop = 0), scroller);
  const first = page.locator(cell(0, 0));
  await first.click();
  const texts = await Promise.all([0, 1].map((row) => page.locator(cell(row, 0)).innerText()));
  await page.evaluate(() => navigator.clipboard.writeText("nothing"));
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("ControlOrMeta+c");
  await page.waitForTimeout(500);
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  await page.evaluate(() => navigator.clipboard.writeText("one\ntwo"));
  await first.click();
  await page.keyboard.press("ControlOrMeta+v");
  await page.waitForTimeout(1000);
  const pasted = await Promise.all([0, 1].map((row) => page.locator(cell(row, 0)).innerText()));
  const isCopied = texts.every((text) => copied.includes(text.trim()));
  return { copies: isCopied, pastes: /one/.test(pasted[0]) && /two/.test(pasted[1]) };
}

async function sizeOf(name) {
  const parts = ["js", "css"].map((ending) =>
    readFile(new URL(`${name}.${ending}`, BUNDLES)).catch(() => ""),
  );
  return gzipSync(Buffer.concat((await Promise.all(parts)).map(Buffer.from)), { level: 9 }).length;
}

const [bundles, rollcall] = await Promise.all([serveBundles(BUNDLES), serveRollcall()]);
const servers = { bundles: bundles.address, rollcall: rollcall.address };
const rows = [];
for (const [name, definition] of Object.entries(GRIDS)) {
  const tried = await tryOut(definition, servers).catch((error) => ({
    failed: String(error).split("\n")[0],
  }));
  console.log(name, tried);
  rows.push(rowOf(name, tried));
}
await Promise.all([bundles.stop(), rollcall.stop()]);

function rowOf(name, { failed, frame, count, last, stops, copies, pastes, size }) {
  if (failed) return `| ${name} | ${failed} | | | | | | |`;
  const yes = (is) => (is ? "yes" : "no");
  const holds = last >= ROWS;
  const packed = size === null ? "in the page" : `${(size / 1000).toFixed(0)} kB`;
  const said = [count, last].map((number) => number.toLocaleString("en")).join(", ");
  return `| ${name} | ${yes(holds)} | ${frame.toFixed(0)} ms | ${yes(copies)} | ${yes(pastes)} | ${said} | ${stops} | ${packed} |`;
}

await put(
  "npm run grids --prefix tests/browser",
  `| grid | last row to be seen | a frame while scrolling, p95 | copies a range | pastes a range | rows and last row as said to screen readers | tab stops | gzipped |
|---|---|---:|---|---|---:|---:|---:|
${rows.join("\n")}
`,
);
