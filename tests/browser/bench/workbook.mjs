// A workbook read and checked in a worker of a real browser beside SheetJS, which only reads it, in turns; writes its
// table into docs/performance.md. `ROSTER` names a roster of the program `retail`, of which the first 100,000 rows are made
// a workbook, `CHROMIUM` the browser (default /usr/bin/chromium). The modules are those that `cargo xtask wasm` builds;
// SheetJS is among the rivals (`npm ci` in `rivals`).

import { createReadStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import Papa from "papaparse";

import { launch, median, peakOf, put, serveFiles } from "./stage.mjs";

const XLSX = createRequire(new URL("rivals/", import.meta.url))("xlsx");
const ROWS = 100_000;
const TURNS = Number(process.env.TURNS ?? 5);
const built = (file, type) => [new URL(`../../../wasm-validator/${file}`, import.meta.url), type];
const FILES = {
  "/": ["page.html", "text/html"],
  "/workbook.js": ["workbook.js", "text/javascript"],
  "/sheetjs.js": ["sheetjs.js", "text/javascript"],
  "/xlsx.js": ["rivals/node_modules/xlsx/dist/xlsx.full.min.js", "text/javascript"],
  "/rollcall_validator.js": built("pkg/rollcall_validator.js", "text/javascript"),
  "/rollcall_validator_bg.wasm": built("pkg/rollcall_validator_bg.wasm", "application/wasm"),
  "/rollcall_workbook.js": built("workbook/pkg/rollcall_workbook.js", "text/javascript"),
  "/rollcall_workbook_bg.wasm": built("workbook/pkg/rollcall_workbook_bg.wasm", "application/wasm"),
};

/** Makes the first rows of a roster a workbook, with its texts in one table as Excel has them. */
async function makeWorkbook(roster, path) {
  const rows = [];
  for await (const line of createInterface(createReadStream(roster))) {
    rows.push(Papa.parse(line).data[0]);
    if (rows.length > ROWS) break;
  }
  const workbook = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(workbook, XLSX.utils.aoa_to_sheet(rows, { dense: true }), "Roster");
  XLSX.writeFile(workbook, path, { bookSST: true, compression: true });
  return rows[0].length;
}

/** One turn in a browser of its own, so that its peak is this reader's. */
async function turn(address, file, script, type) {
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(address);
    await page.setInputFiles("input", file);
    const times = await page.evaluate(([script, type]) => globalThis.run(script, type), [script, type]);
    return { ...times, peak: await peakOf(browser), version: browser.version() };
  } finally {
    await browser.close();
  }
}

const roster = process.env.ROSTER;
if (!roster) throw new Error("ROSTER names no roster.");
const folder = await mkdtemp(join(tmpdir(), "rollcall-bench-"));
const { address, stop } = await serveFiles(FILES);
const load = loadavg()[0].toFixed(1);
const turns = [];
try {
  const file = join(folder, "roster.xlsx");
  const columns = await makeWorkbook(roster, file);
  for (let number = 0; number < TURNS; number++) {
    const check = await turn(address, file, "workbook.js", "module");
    const sheetjs = await turn(address, file, "sheetjs.js", "classic");
    console.log(check, sheetjs);
    turns.push({ check, sheetjs });
  }
  const of = (value) => median(turns.map(value));
  const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const row = (name, of) => `| ${name} | ${of("check")} | ${of("sheetjs")} |\n`;
  const { size } = await stat(file);
  const { rows, version } = turns[0].check;
  await put(
    "npm run workbook --prefix tests/browser",
    `${cpus()[0].model}, ${cpus().length} cores, load average ${load} when the benchmark began; Chromium ${version};
${rows.toLocaleString("en")} rows of ${columns} columns, ${size.toLocaleString("en")} bytes, ${TURNS} turns.

| median | Rollcall, read and checked | SheetJS, read |
|---|---:|---:|
${row("everything", (who) => `${of((turn) => turn[who].all).toFixed(0)} ms`)}${row("the renderer's peak", (who) => mebibytes(of((turn) => turn[who].peak)))}| memory of the WASM modules | ${mebibytes(of(({ check }) => check.memory))} | |
| Rollcall ÷ SheetJS | ${of(({ check, sheetjs }) => check.all / sheetjs.all).toFixed(2)} | |
`,
  );
} finally {
  stop();
  await rm(folder, { recursive: true, force: true });
}
