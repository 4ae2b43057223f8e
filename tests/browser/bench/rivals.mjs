// Rollcall's own page beside react-spreadsheet-import and HelloCSV: the same files, the same run, a browser of its own for
// each measurement; writes its table into docs/performance.md. `ROSTERS` names a folder with `10k.csv`, `100k.csv` and
// `1m.csv` of the program `retail`, as many of them as are to be measured; `CHROMIUM` the browser, `ROLLCALL` the
// program that serves and `ROLLCALL_PAGE` the built page, as for the tests. The rivals are installed and built by
// `npm ci && npm run build` in `bench/rivals`.

import { existsSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";

import { editing, firstVerdict, scrolling } from "./handling.mjs";
import { launch, peakOf, put, serveBundles, serveRollcall, median } from "./stage.mjs";

const TURNS = Number(process.env.TURNS ?? 3);
/** A measurement that takes longer has stopped working. */
const LIMIT_MS = Number(process.env.LIMIT_MS ?? 120_000);
const SIZES = ["10k", "100k", "1m"];
const BUNDLES = new URL("rivals/dist/", import.meta.url);
const BODY = `<style>#root, #root > *, #root > * > * { height: 800px; overflow: auto }</style><div id="root"></div>`;

const folder = process.env.ROSTERS;
if (!folder) throw new Error("ROSTERS names no folder.");

/** How each is brought from a file to its errors; `timed` counts what the importer takes, not the clicks between. */
const IMPORTERS = {
  Rollcall: {
    address: ({ rollcall }) => `${rollcall}/?organisation=bench`,
    async check(page, file, timed) {
      await page.getByRole("radio", { name: "Retail" }).check();
      const first = await firstVerdict(page);
      await timed(async () => {
        await page.locator("input[type=file][accept*='.csv']").setInputFiles(file);
        await page.locator("[data-figure=errors]").waitFor();
      });
      return { first: await first() };
    },
    handle: async (page) => ({ scroll: await scrolling(page), edit: await editing(page) }),
  },
  "react-spreadsheet-import 4.7.1": {
    address: ({ rivals }) => `${rivals}/react-spreadsheet-import`,
    async check(page, file, timed) {
      const next = page.getByRole("button", { name: "Next", exact: true });
      const step = (name) => page.getByRole("heading", { name, exact: true }).waitFor();
      await timed(async () => {
        await page.locator("input[type=file]").setInputFiles(file);
        await step("Select header row");
      });
      await timed(async () => {
        await next.click();
        await step("Match Columns");
      });
      await timed(async () => {
        await next.click();
        await step("Validate data");
      });
    },
  },
  "HelloCSV 0.4.4": {
    address: ({ rivals }) => `${rivals}/hello-csv`,
    async check(page, file, timed) {
      const go = page.getByRole("button", { name: "Confirm", exact: true });
      await timed(async () => {
        await page.locator("input[type=file]").setInputFiles(file);
        await go.waitFor();
      });
      await timed(async () => {
        await go.click();
        await page.getByRole("table").waitFor();
      });
    },
  },
};

async function measure({ address, check, handle }, servers, file) {
  const browser = await launch();
  try {
    const page = await browser.newPage({ locale: "en-GB", viewport: { width: 1360, height: 900 } });
    page.setDefaultTimeout(LIMIT_MS);
    await page.addInitScript(() => {
      globalThis.longest = 0;
      const note = (list) => {
        for (const { duration } of list.getEntries())
          globalThis.longest = Math.max(globalThis.longest, duration);
      };
      new PerformanceObserver(note).observe({ type: "longtask", buffered: true });
    });
    const end = new Promise((resolve) => {
      page.on("crash", () => resolve("the tab crashed"));
      setTimeout(() => resolve(`not done after ${LIMIT_MS / 1000} s`), LIMIT_MS).unref();
    });
    await page.goto(address(servers));
    let all = 0;
    const timed = async (work) => {
      // What drew the page is not the importer's.
      if (all === 0) await page.evaluate(() => void (globalThis.longest = 0));
      const started = performance.now();
      await work();
      all += performance.now() - started;
    };
    const measured = async () => {
      const more = await check(page, file, timed);
      const longest = await page.evaluate(() => globalThis.longest);
      return { all, longest, memory: await peakOf(browser), ...more, ...(await handle?.(page)) };
    };
    const said = await Promise.race([end, measured().catch((error) => String(error))]);
    return typeof said === "string" ? { stopped: said.split("\n")[0] } : said;
  } finally {
    await browser.close();
  }
}

const load = loadavg()[0].toFixed(1);
const [rivals, rollcall] = await Promise.all([serveBundles(BUNDLES, BODY), serveRollcall()]);
const servers = { rivals: rivals.address, rollcall: rollcall.address };
const rows = [];
const handling = [];
for (const size of SIZES.filter((size) => existsSync(join(folder, `${size}.csv`)))) {
  const turns = Object.fromEntries(Object.keys(IMPORTERS).map((name) => [name, []]));
  for (let turn = 0; turn < TURNS; turn++)
    for (const [name, importer] of Object.entries(IMPORTERS)) {
      // What has stopped working once is not waited for again.
      if (turns[name].some(({ stopped }) => stopped)) continue;
      const taken = await measure(importer, servers, join(folder, `${size}.csv`));
      console.log(size, name, taken);
      turns[name].push(taken);
    }
  rows.push(...rowsOf(size, turns));
  handling.push(handlingOf(size, turns.Rollcall));
}
await Promise.all([rivals.stop(), rollcall.stop()]);

function rowsOf(size, turns) {
  const of = (name, field) => median(turns[name].map((turn) => turn[field]));
  return Object.keys(turns).map((name) => {
    const stopped = turns[name].find(({ stopped }) => stopped)?.stopped;
    if (stopped) return `| ${size} | ${name} | ${stopped} | | | |`;
    const times = (of(name, "all") / of("Rollcall", "all")).toFixed(1);
    const [all, task] = ["all", "longest"].map((field) => `${(of(name, field) / 1000).toFixed(2)} s`);
    // The browser reports tasks from 50 ms on.
    const longest = of(name, "longest") > 0 ? task : "none over 0.05 s";
    return `| ${size} | ${name} | ${all} | ${times} | ${longest} | ${(of(name, "memory") / 2 ** 20).toFixed(0)} MiB |`;
  });
}

function handlingOf(size, turns) {
  if (turns.some(({ stopped }) => stopped)) return `| ${size} | ${turns.at(-1).stopped} | | |`;
  const of = (field) =>
    turns
      .map((turn) => turn[field])
      .toSorted((a, b) => a - b)
      [turns.length >> 1].toFixed(0);
  return `| ${size} | ${of("first")} ms | ${of("scroll")} ms | ${of("edit")} ms |`;
}

await put(
  "npm run rivals --prefix tests/browser",
  `${cpus()[0].model}, ${cpus().length} cores, load average ${load} when the benchmark began; ${TURNS} turns, medians.

| rows | importer | all errors | × Rollcall | longest task of the main thread | peak of the renderer |
|---:|---|---:|---:|---:|---:|
${rows.join("\n")}

Rollcall with the file open, the same turns:

| rows | first verdict | a frame while scrolling, p95 | an edit until its verdict shows, p95 |
|---:|---:|---:|---:|
${handling.join("\n")}
`,
);
