/** Starts the embedded stack on free ports with a data folder of its own, and stops it after the tests. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const START_MS = 30_000;

export default async function start(): Promise<() => Promise<void>> {
  const program = process.env.ROLLCALL ?? join(ROOT, "target/debug/rollcall");
  const page = process.env.ROLLCALL_PAGE ?? join(ROOT, "web/dist");
  await need(program, "cargo build -p rollcall");
  await need(join(page, "index.html"), "npm run build (in web)");
  const data = await mkdtemp(join(tmpdir(), "rollcall-browser-"));
  const port = await freePort();
  const stack = spawn(
    program,
    [
      "serve",
      "--port",
      `${port}`,
      "--objects-port",
      "0",
      "--table-port",
      "0",
      "--mail-port",
      "0",
      "--keys-port",
      "0",
      "--clock",
      "1",
      "--mail-rate",
      "100000",
      "--data",
      data,
      "--page",
      page,
    ],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
  const address = `http://127.0.0.1:${port}`;
  await answers(address, stack);
  process.env.ROLLCALL_URL = address;
  return async () => {
    stack.kill("SIGINT");
    if (stack.exitCode === null) await once(stack, "exit");
    await rm(data, { recursive: true, force: true });
  };
}

async function need(file: string, command: string): Promise<void> {
  await access(file).catch(() => {
    throw new Error(`${file} is not there; make it with \`${command}\`.`);
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** Waits until the stack answers; fails at once when it has ended. */
async function answers(address: string, stack: ChildProcess): Promise<void> {
  const end = Date.now() + START_MS;
  for (;;) {
    if (stack.exitCode !== null) throw new Error(`The stack ended with ${stack.exitCode}.`);
    const answer = await fetch(`${address}/api/openapi.json`).catch(() => null);
    if (answer?.ok) return;
    if (Date.now() > end) throw new Error(`The stack did not answer at ${address}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
