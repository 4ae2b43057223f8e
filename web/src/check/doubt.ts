/** Whether the importer should look at how the file was read before its rows. */

import type { Diagnostic, Summary } from "./messages";

const DOUBTS = new Set([
  "missing-header",
  "missing-column",
  "column-claimed-twice",
  "column-guessed",
  "ambiguous-dates",
]);

/** Whether a finding about a column, or the lack of one, may end with another choice of how to read the file. */
export function isDoubt({ rule, fix, location }: Diagnostic): boolean {
  // One sheet of several that lacks a column keeps none but its own rows out.
  if (location.sheet) return false;
  return DOUBTS.has(rule) || (rule === "unknown-column" && fix !== undefined && fix !== null);
}

/** A file without columns cannot be read better by a choice of columns. */
export function isInDoubt({ columns, general }: Summary): boolean {
  return columns.length > 0 && general.some(isDoubt);
}
