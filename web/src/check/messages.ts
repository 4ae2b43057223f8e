/** What the page and the worker that checks say to each other. The rows stay in the worker. */

import type { ReadingOptions } from "../api/client";
import type {
  CellEdit,
  ColumnSummary,
  Diagnostic,
  Digests,
  DuplicatePolicy,
  FileSummary,
  Filter,
  JobReport,
  Part,
  ProgramSummary,
  Progress,
  Replace,
  RuleCount,
  RowView,
  RuleDoc,
  Severity,
  Steps,
  Summary as RosterSummary,
  Task,
} from "../wasm/rollcall_validator";
import type { Sheet } from "../wasm/rollcall_workbook";

export type {
  CellEdit,
  ColumnSummary,
  Diagnostic,
  Digests,
  DuplicatePolicy,
  FileSummary,
  Filter,
  JobReport,
  Part,
  ProgramSummary,
  Replace,
  RosterSummary,
  RowView,
  RuleCount,
  RuleDoc,
  ReadingOptions,
  Severity,
  Sheet,
  Steps,
  Task,
};

/** By header the column of the program, or `null` to leave the column out. */
export type Mapping = NonNullable<ReadingOptions["mapping"]>;

/** A check's result without its rows. */
export interface Summary {
  rows: number;
  rowsWithErrors: number;
  rowsWithWarnings: number;
  /** How the file was read. */
  file: FileSummary;
  /** The sheets of a workbook; none of any other file. */
  sheets: Sheet[];
  /** Those that are one roster, if none of them is chosen. */
  parts: string[];
  columns: ColumnSummary[];
  counts: RuleCount[];
  /** Findings about the file or a column. */
  general: Diagnostic[];
  /** An error about the file or a column keeps every row out. */
  stopped: boolean;
  /** The rows can be shown and edited; not those of a file without a header, or with more than the limits allow. */
  editable: boolean;
  /** How many edits can be taken back, and how many of those made again. */
  edits: number;
  redos: number;
}

export interface Reading extends Progress {
  /** Bytes read so far. */
  bytes: number;
}

/** What can be asked of the roster that was checked last, and done to it. */
export interface RosterCalls {
  /** Chooses the rows that are shown, and says how many they are. */
  select(filter: Filter): number;
  window(from: number, count: number): RowView[];
  nextError(from: number, back: boolean): number | undefined;
  write(edits: CellEdit[]): void;
  insert(before: number | undefined, rows: string[][]): void;
  remove(ids: number[]): void;
  rename(column: number, header: string): void;
  /** Takes columns for other fields. */
  map(mapping: Mapping): void;
  undo(): void;
  redo(): void;
  preview(task: Task): JobReport;
  run(task: Task): JobReport;
  export(part: Part): Blob;
}

export type RosterCall = keyof RosterCalls;

/** The calls that change the roster. Made again on the same file, in their order, they give the same roster. */
export const EDITS = ["write", "insert", "remove", "rename", "map", "undo", "redo", "run"] as const;

export type EditCall = (typeof EDITS)[number];

/** An edit as it was asked for. */
export type Edit = { [Call in EditCall]: { call: Call; values: Parameters<RosterCalls[Call]> } }[EditCall];

/** Why a pass over the file ended without a result: the file changed or went away, or the rules gave up. */
export type Broken = "unreadable" | "failed";

/** What is checked, and how. */
export interface Subject {
  file: File;
  program: string;
  /** The program's Table Schema, as JSON, if the organisation brought it. */
  schema: string | null;
  duplicates: DuplicatePolicy;
  /** How the file is read, where what it seems to be is wrong. */
  reading: ReadingOptions;
  /** What was edited before, to be done again. */
  edits: Edit[];
}

export type Request =
  | ({ kind: "check"; run: number } & Subject)
  | { kind: "hash"; run: number; file: File }
  | { kind: "cancel" }
  | { kind: "give-up" }
  | { kind: "roster"; id: number; call: RosterCall; values: unknown[] };

export type Reply =
  /** What the program of the file is, if the organisation brought it. */
  | { kind: "program"; program: ProgramSummary }
  | { kind: "ready"; programs: ProgramSummary[]; rules: RuleDoc[] }
  | { kind: "unavailable" }
  | { kind: "reading"; run: number; reading: Reading }
  | { kind: "verdict"; run: number; summary: Summary }
  | { kind: "hashing"; run: number; bytes: number }
  | { kind: "hashed"; run: number; digests: Digests }
  | { kind: "broken"; run: number; why: Broken }
  | { kind: "roster"; id: number; value: unknown }
  | { kind: "refused"; id: number; why: string }
  /** The roster was edited, or checked as a whole after an edit. */
  | { kind: "edited"; summary: RosterSummary }
  /** How far a task, or a check of the whole roster, has come. */
  | { kind: "steps"; steps: Steps };
