/** What edits make of a summary. */

import type { Diagnostic, RosterSummary, Summary } from "./messages";

/** The verdict on the roster as it has become by edits. */
export function afterEdits(summary: Summary, roster: RosterSummary): Summary {
  const { rows, rowsWithErrors, rowsWithWarnings, rules, findings, columns, undo, redo } = roster;
  return {
    ...summary,
    rows,
    rowsWithErrors,
    rowsWithWarnings,
    columns,
    counts: rules,
    general: findings,
    stopped: findings.some(isError),
    edits: undo,
    redos: redo,
  };
}

export function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}
