/** The rows of `dry-run.json` that may be of people who are there already, or have an earlier row. */

import { type RowDecision, resultAddress } from "./client";
import { Failed } from "./trouble";

/** As the server takes them for one import (`DECISIONS` in `functions/src/api/decisions.rs`). */
export const MOST_DECISIONS = 2_000;

/** Why two people may be one (`Likeness` in `shared-rules/src/likeness.rs`). */
export type Likeness = "mistyped-name" | "nickname" | "mistyped-street" | "other-address" | "same-birth-date";

/** What a value may be: text, number, flag or list of texts. */
export type Value = string | number | boolean | string[];

export interface Difference {
  field: string;
  /** What is stored. */
  old?: Value;
  /** What the row says. */
  new?: Value;
}

export interface Alike {
  person: string;
  because: Likeness[];
  differs: Difference[];
}

/** An earlier row (`LikeRow` in `functions/src/outcome.rs`); `old` is its value. */
export interface LikeRow {
  row: number;
  because: Likeness[];
  named: Record<string, Value>;
  differs: Difference[];
}

/** A row about which something can be decided, or was (`RowOutcome` in `functions/src/outcome.rs`). */
export interface DecidableRow {
  row: number;
  person?: string;
  decision?: RowDecision["decision"];
  possibleDuplicates?: Alike[];
  likeRows?: LikeRow[];
}

/**
 * Reads them while the document comes in: it has all rows of the file, of which few are of interest. Stops at as many
 * as can be decided about.
 */
export async function decidableRows(id: string, signal: AbortSignal): Promise<DecidableRow[]> {
  const answer = await fetch(await resultAddress(id, "dry-run.json"), { signal });
  if (!answer.ok || !answer.body) throw new Failed({ kind: "server" });
  const found: DecidableRow[] = [];
  const rows = new RowTexts();
  for await (const chunk of chunks(answer.body)) {
    for (const text of rows.push(chunk)) {
      if (!/"(possibleDuplicates|likeRows|decision)":/.test(text)) continue;
      const row = JSON.parse(text) as DecidableRow;
      if (row.possibleDuplicates || row.likeRows || row.decision) found.push(row);
      if (found.length === MOST_DECISIONS) return found;
    }
  }
  return found;
}

/** The text of each row in turn, out of a document of which all else is skipped. */
class RowTexts {
  static readonly #START = '"row_outcomes":[';
  /** What was not a whole row yet. */
  #rest = "";
  #begun = false;
  #depth = 0;
  #quoted = false;
  /** How far `#rest` has been looked at. */
  #at = 0;

  *push(chunk: string): Generator<string> {
    this.#rest += chunk;
    if (!this.#begun && !this.#begin()) return;
    let start = 0;
    const marks = /["\\{}]/g;
    marks.lastIndex = this.#at;
    for (let mark = marks.exec(this.#rest); mark; mark = marks.exec(this.#rest)) {
      const end = mark.index + 1;
      if (mark[0] === "\\") {
        // An escape that the chunk cuts in two waits for the next one.
        if (end === this.#rest.length) break;
        marks.lastIndex = end + 1;
      } else if (mark[0] === '"') this.#quoted = !this.#quoted;
      else if (!this.#quoted && mark[0] === "{") {
        if (this.#depth === 0) start = mark.index;
        this.#depth += 1;
      } else if (!this.#quoted) {
        this.#depth -= 1;
        if (this.#depth === 0) {
          yield this.#rest.slice(start, end);
          start = end;
        }
      }
      this.#at = marks.lastIndex;
    }
    this.#rest = this.#rest.slice(start);
    this.#at -= start;
  }

  /** Skips what comes before the rows. A quote within a text is escaped, so this is not part of one. */
  #begin(): boolean {
    const start = this.#rest.indexOf(RowTexts.#START);
    this.#begun = start >= 0;
    this.#rest = this.#rest.slice(this.#begun ? start + RowTexts.#START.length : -RowTexts.#START.length);
    return this.#begun;
  }
}

async function* chunks(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    void reader.cancel();
  }
}
