// What the benchmarks share: the browser, the servers, and the place of a table in docs/performance.md.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";

import { CHROMIUM, FLAGS } from "../chromium.mjs";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const REPORT = join(ROOT, "docs/performance.md");

/** The browser that `CHROMIUM` names. */
export function launch() {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/** Serves each bundle of a folder with a page that shows it: `/name`, `/name.js`, `/name.css`. */
export async function serveBundles(folder) {
  const server = createServer(async ({ url }, answer) => {
    const [, name, ending] = /^\/([a-z-]+)(\.js|\.css)?$/.exec(url) ?? [];
    if (!name) return answer.writeHead(404).end();
    const type = { ".js": "text/javascript", ".css": "text/css" }[ending] ?? "text/html";
    answer.writeHead(200, { "content-type": `${type}; charset=utf-8` });
    if (ending) return answer.end(await readFile(new URL(`${name}${ending}`, folder)).catch(() => ""));
    answer.end(`<!doctype html><title>${name}</title><link rel="stylesheet" href="/${name}.css" />
<style>#root, #root > *, #root > * > * { height: 800px; overflow: auto }</style>
<div id="root"></div><script type="module" src="/${name}.js"></script>`);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { address: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

/** Starts Rollcall: the program that `ROLLCALL` names, with the page of `ROLLCALL_PAGE`. */
export async function serveRollcall() {
  const program = process.env.ROLLCALL ?? join(ROOT, "target/debug/rollcall");
  const page = process.env.ROLLCALL_PAGE ?? join(ROOT, "web/dist");
  const data = await mkdtemp(join(tmpdir(), "rollcall-bench-"));
  const ports = ["", "objects-", "table-", "mail-", "keys-"].flatMap((of) => [`--${of}port`, "0"]);
  const stdio = ["ignore", "pipe", "inherit"];
  const stack = spawn(program, ["serve", ...ports, "--data", data, "--page", page], { stdio });
  const stop = async () => {
    stack.kill("SIGINT");
    if (stack.exitCode === null) await once(stack, "exit");
    await rm(data, { recursive: true, force: true });
  };
  const address = await new Promise((resolve, reject) => {
    const lines = createInterface(stack.stdout);
    lines.on("line", (line) => {
      const [, found] = /^Rollcall is at (\S+)$/.exec(line) ?? [];
      if (found) resolve(found);
    });
    lines.on("close", () => reject(new Error("The stack ended before it served.")));
  });
  return { address, stop };
}

/** Writes a table between the marks that name the command. */
export async function put(command, table) {
  const [begin, end] = ["begin", "end"].map((mark) => `<!-- ${command}: ${mark} -->`);
  const report = await readFile(REPORT, "utf8");
  const [before, rest] = report.split(`${begin}\n`);
  await writeFile(REPORT, `${before}${begin}\n${table}${end}${rest.split(end)[1]}`);
  console.log(`written into ${REPORT}`);
}
