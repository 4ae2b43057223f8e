// Bundles each grid with the page that shows it into `dist/`, as an application that uses it would; ours with the
// libraries that the page has (`npm ci` in `web`).

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import { build, transform } from "esbuild";

const WEB = new URL("../../../../web/", import.meta.url);
const { compile, compileModule } = createRequire(WEB)("svelte/compiler");

const svelte = {
  name: "svelte",
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const options = { filename: path, css: "injected", generate: "client" };
      return { contents: compile(await readFile(path, "utf8"), options).js.code };
    });
    onLoad({ filter: /\.svelte\.[jt]s$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "ts", target: "esnext" });
      return { contents: compileModule(code, { filename: path, generate: "client" }).js.code };
    });
  },
};

await build({
  entryPoints: {
    ours: "ours.svelte.js",
    "ag-grid": "ag-grid.js",
    revogrid: "revogrid.js",
    worker: "worker.js",
  },
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "esm",
  conditions: ["svelte", "browser", "production"],
  define: { "process.env.NODE_ENV": '"production"' },
  nodePaths: [fileURLToPath(new URL("node_modules", WEB))],
  plugins: [svelte],
});
