// Bundles each rival with the page that shows it into `dist/`, as an application that uses it would.

import { build } from "esbuild";

await build({
  entryPoints: ["hello-csv.jsx", "react-spreadsheet-import.jsx"],
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "esm",
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".css": "css" },
});
