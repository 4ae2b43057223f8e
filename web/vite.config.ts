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

/** A descriptor of a program, as far as the page needs it. */
interface Descriptor {
  rollcall: {
    name: string;
    title: string;
    description: string;
    identity?: string[];
    kind: { field?: string };
  };
  fields: Field[];
}

interface Field {
  name: string;
  type: string;
  trueValues?: string[];
  falseValues?: string[];
  constraints?: { required?: boolean; enum?: (string | boolean)[] };
  rollcall?: { fills?: string; secret?: boolean; severity?: string };
}

/** A module of JSON that is made out of the descriptors that the rules are compiled from, in the order of `ORDER`. */
function descriptors(id: string, make: (programs: Descriptor[]) => unknown): Plugin {
  return {
    name: id,
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(resolved) {
      if (resolved !== `\0${id}`) return undefined;
      const files = readdirSync(PROGRAMS).filter((file) => file.endsWith(".json"));
      if (files.length !== ORDER.length) this.error("The order of the programs lacks one.");
      const programs = ORDER.map((name) => {
        const file = join(PROGRAMS, `${name}.json`);
        this.addWatchFile(file);
        return JSON.parse(readFileSync(file, "utf8")) as Descriptor;
      });
      return `export default ${JSON.stringify(make(programs))};`;
    },
  };
}

/** What every program is, and whether it has passwords and can be imported: the cards are there at the first paint, without the WASM module. */
const programs = () =>
  descriptors("virtual:programs", (all) =>
    all.map(({ rollcall: { name, title, description, identity }, fields }) => {
      const passwords = fields.some(({ rollcall }) => rollcall?.secret);
      return { name, title, description, passwords, importable: identity !== undefined };
    }),
  );

/** The values of a person that each program has a column for, as `Program::attribute` of the rules takes them. */
const values = () =>
  descriptors("virtual:values", (all) =>
    Object.fromEntries(
      all.map(({ rollcall, fields }) => [
        rollcall.name,
        fields.filter(({ name }) => name !== rollcall.kind.field).flatMap((field) => value(field) ?? []),
      ]),
    ),
  );

function value({ name, type, constraints, rollcall, ...field }: Field) {
  const attribute =
    rollcall?.fills === "profile" ? `profile.${name}` : /^person\.(.+)/.exec(rollcall?.fills ?? "")?.[1];
  if (!attribute || rollcall?.secret) return undefined;
  const flag = (is: boolean) => (is ? (field.trueValues ?? ["true"]) : (field.falseValues ?? ["false"]))[0]!;
  const known = constraints?.enum ?? (type === "boolean" ? [true, false] : undefined);
  return {
    attribute,
    type,
    required: Boolean(constraints?.required),
    choices: known?.map((choice) => (typeof choice === "boolean" ? flag(choice) : choice)),
    /** Whether other values may stand there, too. */
    open: rollcall?.severity === "warning",
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
  plugins: [programs(), values(), svelte(), styles()],
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
