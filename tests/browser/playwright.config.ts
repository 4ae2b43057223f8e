import { cpus } from "node:os";

import { defineConfig } from "@playwright/test";

import { CHROMIUM, FLAGS } from "./chromium.mjs";

/**
 * `CHROMIUM` names the browser (default `/usr/bin/chromium`), `ROLLCALL` the program that serves (default
 * `target/debug/rollcall`), `ROLLCALL_PAGE` the built page (default `web/dist`), `SHARED` the folder with larger
 * rosters (made-up rows take their place without it).
 */
export default defineConfig({
  testDir: "src",
  outputDir: "results/traces",
  // Each worker has a stack of its own; a test that counts what its organisation has names one that no other test has.
  // One more than there are cores: a test waits for its page a good part of its time.
  workers: cpus().length + 1,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"], ["html", { open: "never", outputFolder: "results/report" }]],
  use: {
    locale: "en-GB",
    viewport: { width: 1360, height: 900 },
    // A trace is recorded of every test, whether it is kept or not, and takes a fifth of the time; `--trace on` for one.
    screenshot: "only-on-failure",
    launchOptions: { executablePath: CHROMIUM, args: FLAGS },
  },
});
