// Bundles each grid with the page that shows it into `dist/`.

import { build } from "esbuild";

await build({
  entryPoints: ["ag-grid.js", "revogrid.js"],
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "esm",
});
