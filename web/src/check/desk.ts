/** Where the roster lies that was checked last: the worker's side of looking at it and editing it. */

import type { Roster } from "../wasm/rollcall_validator";
import type { Edit, Reply, RosterCall, RosterCalls, RosterSummary, Task } from "./messages";
import { EDITS } from "./messages";
import { inStretches, rest, seldom } from "./pace";

/** So many rows are checked, or changed, at once: a few milliseconds' work. */
const SLICE = 500;
/** So long after the last edit the whole roster is checked again: who edits cell after cell is not kept waiting by it. */
const REST_MS = 200;
/** How often the page is told how far the work is. */
const STEPS_EVERY_MS = 60;

type Handlers = {
  [Call in RosterCall]: (
    roster: Roster,
    ...values: Parameters<RosterCalls[Call]>
  ) => ReturnType<RosterCalls[Call]> | Promise<ReturnType<RosterCalls[Call]>>;
};

const CHANGES = new Set<RosterCall>(EDITS);

export class Desk {
  #roster: Roster | null = null;
  /** Goes up with every edit, so that a check of the whole roster that began before it stops. */
  #edition = 0;
  /** The task that is carried out, if one is. */
  #task = false;

  readonly #handlers: Handlers = {
    select: (roster, filter) => roster.select(filter),
    window: (roster, from, count) => roster.window(from, count),
    nextError: (roster, from, back) => roster.nextError(from, back),
    write: (roster, edits) => roster.setCells(edits),
    insert: (roster, before, rows) => void roster.insertRows(before, rows),
    remove: (roster, ids) => roster.deleteRows(Uint32Array.from(ids)),
    rename: (roster, column, header) => roster.renameHeader(column, header),
    map: (roster, mapping) => roster.mapColumns(mapping),
    undo: (roster) => void roster.undo(),
    redo: (roster) => void roster.redo(),
    preview: (roster, task) => this.#carryOut(roster, task, true),
    run: (roster, task) => this.#carryOut(roster, task, false),
    export: (roster, part) => {
      const pieces: Uint8Array<ArrayBuffer>[] = [];
      roster.export(part, (piece) => pieces.push(piece as Uint8Array<ArrayBuffer>));
      return new Blob(pieces, { type: "text/csv" });
    },
  };

  constructor(private readonly post: (reply: Reply) => void) {}

  /** Lays a roster on the desk, instead of the one before. */
  lay(roster: Roster): void {
    this.clear();
    this.#roster = roster;
  }

  clear(): void {
    this.#edition++;
    this.#task = false;
    this.#roster?.free();
    this.#roster = null;
  }

  /** Gives up the task that is under way. */
  giveUp(): void {
    this.#task = false;
  }

  async take(id: number, call: RosterCall, values: unknown[]): Promise<void> {
    const roster = this.#roster;
    try {
      if (!roster) throw new Error("there is no roster");
      const value = await this.#handle(roster, call, values);
      if (CHANGES.has(call) && roster === this.#roster) this.#edited(roster);
      this.post({ kind: "roster", id, value });
    } catch (error) {
      this.post({ kind: "refused", id, why: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Makes edits again that were made before a reload; `null` when the roster was taken off the desk meanwhile. */
  async repeat(edits: Edit[]): Promise<RosterSummary | null> {
    const roster = this.#roster;
    if (!roster) return null;
    const breathe = inStretches();
    for (const { call, values } of edits) {
      await this.#handle(roster, call, values);
      await breathe();
      if (roster !== this.#roster) return null;
    }
    await this.#complete(roster);
    return roster === this.#roster ? roster.summary() : null;
  }

  #handle(roster: Roster, call: RosterCall, values: unknown[]): unknown {
    const handler = this.#handlers[call] as (roster: Roster, ...values: unknown[]) => unknown;
    return handler(roster, ...values);
  }

  #edited(roster: Roster): void {
    const edition = ++this.#edition;
    this.post({ kind: "edited", summary: roster.summary() });
    if (isOpen(roster.step(0))) void this.#settle(roster, edition);
  }

  /** Checks the whole roster again, and stops when there is another edit. */
  async #settle(roster: Roster, edition: number): Promise<void> {
    await rest(REST_MS);
    const breathe = inStretches();
    const tell = seldom(STEPS_EVERY_MS);
    while (edition === this.#edition && !this.#task) {
      const steps = roster.step(SLICE);
      if (!isOpen(steps) || tell()) this.post({ kind: "steps", steps });
      if (!isOpen(steps)) return this.post({ kind: "edited", summary: roster.summary() });
      await breathe();
    }
  }

  /** Checks the whole roster again, where that is left to do; says whether it was. */
  async #complete(roster: Roster): Promise<boolean> {
    const open = isOpen(roster.step(0));
    const breathe = inStretches();
    while (roster === this.#roster && isOpen(roster.step(SLICE))) await breathe();
    return open;
  }

  async #carryOut(roster: Roster, task: Task, preview: boolean) {
    this.#task = true;
    try {
      // What is to be fixed is what was found, so everything has to be found first.
      if (await this.#complete(roster)) this.post({ kind: "edited", summary: roster.summary() });
      roster.begin(task, preview);
      const breathe = inStretches();
      const tell = seldom(STEPS_EVERY_MS);
      for (;;) {
        const steps = roster.step(SLICE);
        if (!isOpen(steps) || tell()) this.post({ kind: "steps", steps });
        if (!isOpen(steps)) return roster.end();
        await breathe();
        if (!this.#task) throw new Error("Stopped; nothing was changed.");
      }
    } finally {
      if (this.#task) this.#task = false;
      else if (roster === this.#roster) {
        roster.cancel();
        this.post({ kind: "steps", steps: { done: 0, total: 0 } });
      }
    }
  }
}

function isOpen({ done, total }: { done: number; total: number }): boolean {
  return done < total;
}
