/** The page's state: what was chosen, what the check found, how the upload goes, what the server says. */

import {
  type Import,
  type Options,
  type Ticket,
  cancelImport,
  confirmImport,
  createImport,
  getImport,
  undoImport,
  upload,
} from "./api/client";
import { type Trouble, troubleOf } from "./api/trouble";
import { type Ended, type Hash, Validator } from "./check/checker";
import type {
  Broken,
  DuplicatePolicy,
  ProgramSummary,
  Reading,
  RosterSummary,
  RuleDoc,
  Steps,
  Summary,
} from "./check/messages";
import { address, go } from "./route.svelte";

/** Stated on the page and enforced by the server (`shared-rules/src/limits.rs`). */
export const LIMITS = { rows: 1_000_000, bytes: 500_000_000 };

const PROGRAM_KEY = "rollcall.program";
const POLL_MS = { first: 250, slowest: 2000, growth: 1.3 };

export type Check =
  | { state: "none" }
  | { state: "reading"; reading: Reading }
  | { state: "done"; summary: Summary }
  | { state: "broken"; why: Broken | "too-large" };

export type Sending =
  | { state: "no" }
  | { state: "preparing"; bytes: number }
  | { state: "sending"; bytes: number }
  | { state: "stopped"; trouble: Trouble };

export type Rules = { state: "loading" | "unavailable" } | { state: "ready"; docs: Map<string, RuleDoc> };

class Store {
  /** The last program used is offered first. */
  program = $state<string | null>(localStorage.getItem(PROGRAM_KEY));
  options = $state<Options & { duplicates: DuplicatePolicy }>({
    duplicates: "fill-missing",
    invite: false,
    allOrNothing: false,
    overwritePasswords: false,
  });
  file = $state.raw<File | null>(null);
  check = $state.raw<Check>({ state: "none" });
  sending = $state.raw<Sending>({ state: "no" });
  /** The import whose address the page is at. */
  current = $state.raw<Import | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  /** A confirmation, a cancellation or an undo is on its way. */
  asking = $state(false);
  /** Goes up with every change of the roster's rows or of what is found in them. */
  edition = $state(0);
  /** How far a task on the roster, or a check of all of it, has come. */
  steps = $state.raw<Steps | null>(null);
  rules = $state.raw<Rules>({ state: "loading" });
  programs = $state.raw<ProgramSummary[]>([]);
  /** The last thing that a screen reader should hear of. */
  announcement = $state("");

  readonly validator = new Validator({
    ready: ({ programs, rules }) => {
      this.programs = programs;
      this.rules = { state: "ready", docs: new Map(rules.map((rule) => [rule.name, rule])) };
    },
    unavailable: () => (this.rules = { state: "unavailable" }),
    edited: (summary) => this.#edited(summary),
    steps: ({ done, total }) => (this.steps = done < total ? { done, total } : null),
  });

  #hash: Promise<Hash | Ended> | null = null;
  #ticket: { ticket: Ticket; id: string } | null = null;
  #abort: AbortController | null = null;
  #wake: (() => void) | null = null;

  chooseProgram(name: string): void {
    this.program = name;
    localStorage.setItem(PROGRAM_KEY, name);
    this.#forgetCheck();
  }

  /** Takes the file, and goes on to its check when it is known against what. */
  chooseFile(file: File): void {
    this.file = file;
    this.#forgetCheck();
    if (this.program) go(address.review);
  }

  chooseDuplicates(policy: DuplicatePolicy): void {
    this.options.duplicates = policy;
    // Whether a repeated person is an error depends on the policy.
    this.#forgetCheck();
  }

  /** The file is on its way; leaving the page or taking another file would lose the upload. */
  get busy(): boolean {
    return this.sending.state === "preparing" || this.sending.state === "sending";
  }

  /** Changes what does not touch the check, but is part of the import. */
  choose(options: Partial<Pick<Options, "invite" | "allOrNothing">>): void {
    Object.assign(this.options, options);
    this.#ticket = null;
  }

  /** Forgets the file, keeps program and options. */
  startOver(): void {
    this.stopSending();
    this.file = null;
    this.#forgetCheck();
    go(address.upload);
  }

  async startCheck(): Promise<void> {
    const { file, program } = this;
    if (!file || !program) return;
    if (file.size > LIMITS.bytes) {
      this.check = { state: "broken", why: "too-large" };
      return;
    }
    this.check = { state: "reading", reading: { bytes: 0, rows: 0, rowsWithErrors: 0, rowsWithWarnings: 0 } };
    const result = await this.validator.check(file, program, this.options.duplicates, (reading) => {
      this.check = { state: "reading", reading };
    });
    if (result === "cancelled") return;
    if (typeof result === "string") {
      this.check = { state: "broken", why: result };
      return;
    }
    this.check = { state: "done", summary: result };
    // The checksum is needed for the upload; by the time the verdict is read it is there.
    if (!result.stopped) this.#hash = this.#startHash(file);
  }

  /** Checksum, import, upload, and on to the import's own address. */
  async send(): Promise<void> {
    const { file: chosen, program } = this;
    if (!chosen || !program || this.busy) return;
    this.sending = { state: "preparing", bytes: 0 };
    const abort = (this.#abort = new AbortController());
    try {
      const file = await this.#subject(chosen);
      const made = await this.#ticketFor(file, program);
      if (!made || abort.signal.aborted) return;
      const { ticket, id } = made;
      this.sending = { state: "sending", bytes: 0 };
      await upload(ticket, file, (bytes) => (this.sending = { state: "sending", bytes }), abort.signal);
      this.#leaveFor(id);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.sending = { state: "stopped", trouble: troubleOf(error) };
    }
  }

  stopSending(): void {
    this.#abort?.abort();
    this.sending = { state: "no" };
  }

  /** Follows an import until it needs nothing more from the server. Returns what stops following it. */
  follow(id: string): () => void {
    let followed = true;
    let timer = 0;
    let pause = POLL_MS.first;
    if (this.current?.id !== id) this.current = null;
    this.trouble = null;

    const look = async () => {
      clearTimeout(timer);
      try {
        const seen = await getImport(id);
        if (!followed) return;
        if (seen.state !== this.current?.state) pause = POLL_MS.first;
        this.current = seen;
        this.trouble = null;
      } catch (error) {
        if (!followed) return;
        this.trouble = troubleOf(error);
      }
      if (!this.#rests())
        timer = window.setTimeout(look, (pause = Math.min(pause * POLL_MS.growth, POLL_MS.slowest)));
    };
    this.#wake = () => {
      pause = POLL_MS.first;
      void look();
    };
    void look();
    return () => {
      followed = false;
      clearTimeout(timer);
      this.#wake = null;
    };
  }

  /** Looks again now: after a confirmation, or when told to try again. */
  lookAgain(): void {
    this.#wake?.();
  }

  confirm(acknowledge: number | null): Promise<void> {
    return this.#ask((id) => confirmImport(id, acknowledge));
  }

  cancel(): Promise<void> {
    return this.#ask(cancelImport);
  }

  /** Goes on to the import that will take the present one back. */
  undo(): Promise<void> {
    return this.#ask(undoImport);
  }

  announce(text: string): void {
    this.announcement = text;
  }

  /** Asks for something that changes the present import, and goes to the one that comes of it. */
  async #ask(change: (id: string) => Promise<Import>): Promise<void> {
    if (!this.current || this.asking) return;
    this.asking = true;
    this.trouble = null;
    try {
      this.current = await change(this.current.id);
      go(address.import(this.current.id));
      this.lookAgain();
    } catch (error) {
      this.trouble = troubleOf(error);
    } finally {
      this.asking = false;
    }
  }

  /** Whether nothing will change unless somebody acts. */
  #rests(): boolean {
    if (this.trouble) return this.trouble.kind === "missing" || this.trouble.kind === "expired";
    const { current } = this;
    if (!current) return false;
    if (current.state === "finished") return !current.invitations || sent(current.invitations);
    return ["ready", "rejected", "failed", "expired", "cancelled"].includes(current.state);
  }

  #edited({
    rows,
    rowsWithErrors,
    rowsWithWarnings,
    rules,
    findings,
    columns,
    undo,
    redo,
  }: RosterSummary): void {
    if (this.check.state !== "done") return;
    const stopped = findings.some(({ severity }) => severity === "error");
    const figures = { rows, rowsWithErrors, rowsWithWarnings, columns, stopped };
    const summary = {
      ...this.check.summary,
      ...figures,
      counts: rules,
      general: findings,
      edits: undo,
      redos: redo,
    };
    this.check = { state: "done", summary };
    this.edition++;
    // What would be sent is another file now.
    this.#ticket = null;
    this.#hash = null;
  }

  /** The file that is sent: the one that was chosen, or what has become of it. */
  async #subject(file: File): Promise<File> {
    if (this.check.state !== "done" || this.check.summary.edits === 0) return file;
    const edited = await this.validator.roster("export", "all");
    return new File([edited], `${file.name.replace(/\.[^.]*$/, "")}.csv`, { type: "text/csv" });
  }

  async #startHash(file: File): Promise<Hash | Ended> {
    return this.validator.hash(file, (bytes) => {
      if (this.sending.state === "preparing") this.sending = { state: "preparing", bytes };
    });
  }

  /** The signed address; the one at hand while it is good, so that a second try makes no second import. */
  async #ticketFor(file: File, program: string): Promise<{ ticket: Ticket; id: string } | null> {
    if (this.#ticket && Date.parse(this.#ticket.ticket.expires) > Date.now()) return this.#ticket;
    const hash = await (this.#hash ?? this.#startHash(file));
    if (hash === "cancelled") return null;
    if (typeof hash === "string") {
      this.sending = { state: "no" };
      this.check = { state: "broken", why: hash };
      return null;
    }
    const { import: made, upload: ticket } = await createImport({
      program,
      file: { name: file.name, bytes: file.size, sha256: hash.sha256 },
      options: { ...this.options },
    });
    this.current = made;
    return (this.#ticket = { ticket, id: made.id });
  }

  #leaveFor(id: string): void {
    this.file = null;
    this.#forgetCheck();
    go(address.import(id));
  }

  #forgetCheck(): void {
    this.validator.cancel();
    this.check = { state: "none" };
    this.sending = { state: "no" };
    this.#hash = null;
    this.#ticket = null;
  }
}

export const store = new Store();

function sent({ due, sent, failed }: NonNullable<Import["invitations"]>): boolean {
  return sent + failed >= due;
}
