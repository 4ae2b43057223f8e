import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

const PROGRAMS = fileURLToPath(new URL("../shared-rules/programs/", import.meta.url));
/** The order in which the programs are offered: that of `Program::builtins`. */
const ORDER = [
  "retail",
  "international",
  "institutional",
  "learners",
  "district-users",
  "district-demographics",
  "clients",
];
const STACK = "http://127.0.0.1:8787";

/**
 * `virtual:programs`: name, title and description of every program, out of the descriptors that the rules
 * are compiled from. The cards are there at the first paint, without the WASM module.
 */
function programs(): Plugin {
  const id = "virtual:programs";
  return {
    name: "rollcall-programs",
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(resolved) {
      if (resolved !== `\0${id}`) return undefined;
      const files = readdirSync(PROGRAMS).filter((file) => file.endsWith(".json"));
      if (files.length !== ORDER.length) this.error("The order of the programs lacks one.");
      const cards = ORDER.map((name) => `${name}.json`).map((file) => {
        this.addWatchFile(join(PROGRAMS, file));
        const { rollcall } = JSON.parse(readFileSync(join(PROGRAMS, file), "utf8"));
        return { name: rollcall.name, title: rollcall.title, description: rollcall.description };
      });
      return `export default ${JSON.stringify(cards)};`;
    },
  };
}

/** Tells the element where its styles are: in a shadow root, those of the document do not count. */
function styles(): Plugin {
  return {
    name: "rollcall-styles",
    enforce: "post",
    generateBundle(_, bundle) {
      const [css, ...others] = Object.keys(bundle).filter((name) => name.endsWith(".css"));
      if (!css || others.length > 0) this.error("There should be one stylesheet.");
      for (const part of Object.values(bundle))
        if (part.type === "chunk") part.code = part.code.replace("%ROLLCALL_STYLES%", `/${css}`);
    },
  };
}

export default defineConfig({
  plugins: [programs(), svelte(), styles()],
  build: {
    cssCodeSplit: false,
    rolldownOptions: {
      input: { index: "index.html", "rollcall-import": "src/element.ts" },
      output: {
        // Pages of others name it, so its name stays.
        entryFileNames: ({ name }) => (name === "rollcall-import" ? "[name].js" : "assets/[name]-[hash].js"),
      },
    },
    target: "es2022",
    // The content security policy allows no data: addresses and no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  server: { proxy: { "/api": STACK, "/dev": STACK } },
});
