/** What edits make of a summary. */

import type { Diagnostic, FileSummary, RosterSummary, Summary } from "./messages";

/** The verdict on the roster as it has become by edits. */
export function afterEdits(summary: Summary, roster: RosterSummary): Summary {
  const { rows, rowsWithErrors, rowsWithWarnings, rules, findings, columns, sheets, undo, redo } = roster;
  return {
    ...summary,
    rows,
    file: { ...summary.file, sheets },
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

/** The sheets of a workbook that were read. */
export function sheetsOf({ sheet, sheets }: FileSummary): string[] {
  return sheet ? [sheet] : (sheets ?? []).map(({ name }) => name);
}

export function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}
