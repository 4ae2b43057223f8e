// The check in a worker of a real browser beside PapaParse's bare chunked parse of the same file, in turns in the same
// page; writes its table into docs/performance.md. `ROSTER` names a roster of the program `retail`, `CHROMIUM` the
// browser (default /usr/bin/chromium). The module is the one that `cargo xtask wasm` builds.

import { readFile, stat } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { gzipSync } from "node:zlib";

import { launch, median, put, serveFiles } from "./stage.mjs";

const TURNS = 5;
const MODULE = new URL("../../../wasm-validator/pkg/rollcall_validator_bg.wasm", import.meta.url);
const FILES = {
  "/": ["page.html", "text/html"],
  "/check.js": ["check.js", "text/javascript"],
  "/papa.js": ["papa.js", "text/javascript"],
  "/papaparse.js": ["../node_modules/papaparse/papaparse.min.js", "text/javascript"],
  "/rollcall_validator.js": ["../../../wasm-validator/pkg/rollcall_validator.js", "text/javascript"],
  "/rollcall_validator_bg.wasm": [MODULE, "application/wasm"],
};

const roster = process.env.ROSTER;
if (!roster) throw new Error("ROSTER names no roster.");

const { address, stop } = await serveFiles(FILES);
const browser = await launch();
const load = loadavg()[0].toFixed(1);
const page = await browser.newPage();
await page.goto(address);
await page.setInputFiles("input", roster);
const turns = [];
for (let turn = 0; turn < TURNS; turn++) {
  const check = await page.evaluate(() => globalThis.run("check.js", "module"));
  const papa = await page.evaluate(() => globalThis.run("papa.js", "classic"));
  console.log(check, papa);
  turns.push({ check, papa });
}
const version = browser.version();
await browser.close();
stop();

const of = (value) => median(turns.map(value));
const ms = (time) => `${time.toFixed(0)} ms`;
const { size } = await stat(roster);
const packed = gzipSync(await readFile(MODULE), { level: 9 }).length;
await put(
  "npm run bench --prefix tests/browser",
  `${cpus()[0].model}, ${cpus().length} cores, load average ${load} when the benchmark began; Chromium ${version};
${turns[0].check.rows.toLocaleString("en")} rows, ${size.toLocaleString("en")} bytes, ${TURNS} turns.

| | median |
|---|---:|
| first rows checked, the worker running | ${ms(of(({ check }) => check.first))} |
| everything | ${ms(of(({ check }) => check.all))} |
| PapaParse, bare chunked parse | ${ms(of(({ papa }) => papa.all))} |
| everything ÷ PapaParse | ${of(({ check, papa }) => check.all / papa.all).toFixed(2)} |
| memory of the WASM module | ${(of(({ check }) => check.memory) / 2 ** 20).toFixed(0)} MiB |
| size of the module, zlib at level 9 | ${packed.toLocaleString("en")} bytes |
`,
);
