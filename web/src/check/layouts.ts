/**
 * Remembers, for files with the same headers, which column was taken for which. Neither headers nor values are kept,
 * for a file that has no header has a person where the header should be: a layout is a digest, its columns numbers.
 */

import type { Mapping } from "./messages";

interface Layout {
  program: string;
  /** SHA-256 of the headers. */
  digest: string;
  /** By the number of the file's column the program's column, or `null` for none. */
  fields: Record<number, string | null>;
}

const KEY = "rollcall.layouts";
/** The layouts used last. */
const MOST = 50;

export async function recall(program: string, headers: string[]): Promise<Mapping | null> {
  const layout = await find(program, headers);
  if (!layout) return null;
  const chosen = Object.entries(layout.fields).map(([column, field]) => [headers[Number(column)], field]);
  return Object.fromEntries(chosen) as Mapping;
}

/** An empty mapping forgets the layout. */
export async function remember(program: string, headers: string[], mapping: Mapping): Promise<void> {
  const digest = await digestOf(headers);
  if (digest === null) return;
  const others = kept().filter((layout) => layout.program !== program || layout.digest !== digest);
  const chosen = headers.flatMap((header, column) => {
    const field = mapping[header];
    return field === undefined ? [] : [[column, field] as const];
  });
  const layout = { program, digest, fields: Object.fromEntries(chosen) };
  const layouts = chosen.length > 0 ? [layout, ...others] : others;
  localStorage.setItem(KEY, JSON.stringify(layouts.slice(0, MOST)));
}

async function find(program: string, headers: string[]): Promise<Layout | undefined> {
  const digest = await digestOf(headers);
  return kept().find((layout) => layout.program === program && layout.digest === digest);
}

function kept(): Layout[] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]") as Layout[];
  } catch {
    return [];
  }
}

/** `null` where the page came over an insecure connection, to which browsers give no digests. */
async function digestOf(headers: string[]): Promise<string | null> {
  if (!globalThis.isSecureContext) return null;
  const bytes = new TextEncoder().encode(JSON.stringify(headers));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
