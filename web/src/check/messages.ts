/** What the page and the worker that checks say to each other. The rows stay in the worker. */

import type { ReadingOptions } from "../api/client";
import type {
  ColumnSummary,
  Diagnostic,
  DuplicatePolicy,
  FileSummary,
  ProgramSummary,
  Progress,
  RuleCount,
  RuleDoc,
  Severity,
} from "../wasm/rollcall_validator";
import type { Sheet } from "../wasm/rollcall_workbook";

export type {
  ColumnSummary,
  Diagnostic,
  DuplicatePolicy,
  FileSummary,
  ProgramSummary,
  RuleCount,
  RuleDoc,
  ReadingOptions,
  Severity,
  Sheet,
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
  columns: ColumnSummary[];
  counts: RuleCount[];
  /** Findings about the file or a column. */
  general: Diagnostic[];
  /** An error about the file or a column keeps every row out. */
  stopped: boolean;
  /** Rows with a finding that are kept to be shown. */
  shown: { errors: number; warnings: number };
  /** More findings were made than are kept. */
  truncated: boolean;
}

export interface Reading extends Progress {
  /** Bytes read so far. */
  bytes: number;
}

export type Tab = "all" | "errors" | "warnings";

/** Which rows to show: a window over the rows of a tab, of one rule if given. */
export interface Query {
  tab: Tab;
  rule: string | null;
  offset: number;
  limit: number;
}

export interface FoundRow {
  row: number;
  cells: string[];
  findings: Diagnostic[];
}

export interface Page {
  total: number;
  rows: FoundRow[];
}

/** Why a pass over the file ended without a result: the file changed or went away, or the rules gave up. */
export type Broken = "unreadable" | "failed";

/** What is checked, and how. */
export interface Subject {
  file: File;
  program: string;
  duplicates: DuplicatePolicy;
  /** How the file is read, where what it seems to be is wrong. */
  reading: ReadingOptions;
}

export type Request =
  | ({ kind: "check"; run: number } & Subject)
  | { kind: "hash"; run: number; file: File }
  | { kind: "cancel" }
  | { kind: "page"; id: number; query: Query };

export type Reply =
  | { kind: "ready"; programs: ProgramSummary[]; rules: RuleDoc[] }
  | { kind: "unavailable" }
  | { kind: "reading"; run: number; reading: Reading }
  | { kind: "verdict"; run: number; summary: Summary }
  | { kind: "hashing"; run: number; bytes: number }
  | { kind: "hashed"; run: number; sha256: string }
  | { kind: "broken"; run: number; why: Broken }
  | { kind: "page"; id: number; page: Page };
