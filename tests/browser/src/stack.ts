/** Starts an embedded stack on free ports with a data folder of its own, and stops it after the tests. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

export interface Stack {
  address: string;
  /** The folder of what it stores. */
  data: string;
  stop(): Promise<void>;
}

export async function startStack(): Promise<Stack> {
  const program = process.env.ROLLCALL ?? join(ROOT, "target/debug/rollcall");
  const page = process.env.ROLLCALL_PAGE ?? join(ROOT, "web/dist");
  await need(program, "cargo build --workspace --bins --tests");
  await need(join(page, "index.html"), "npm run build (in web)");
  const data = await mkdtemp(join(tmpdir(), "rollcall-browser-"));
  const ports = ["", "objects-", "table-", "mail-", "keys-"].flatMap((of) => [`--${of}port`, "0"]);
  const pace = ["--clock", "1", "--mail-rate", "100000"];
  const stack = spawn(program, ["serve", ...ports, ...pace, "--data", data, "--page", page], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return {
    address: await addressIn(stack.stdout),
    data,
    stop: async () => {
      stack.kill("SIGINT");
      if (stack.exitCode === null) await once(stack, "exit");
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function need(file: string, command: string): Promise<void> {
  await access(file).catch(() => {
    throw new Error(`${file} is not there; make it with \`${command}\`.`);
  });
}

/** The address that the program prints once it serves; its end without one is a failure. */
async function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface(output);
  const address = new Promise<string>((resolve, reject) => {
    lines.on("line", (line) => {
      const [, found] = /^Rollcall is at (\S+)$/.exec(line) ?? [];
      if (found) resolve(found);
    });
    lines.on("close", () => reject(new Error("The stack ended before it served.")));
  });
  return address;
}
