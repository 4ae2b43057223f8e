/** The page's state: what was chosen, what the check found, how the upload goes, what the server says. */

import {
  type Begun,
  DEFAULT_OPTIONS,
  type Import,
  type Options,
  type RowDecision,
  type UploadRequest,
  cancelImport,
  confirmImport,
  createImport,
  decide,
  getImport,
  inviteLater,
  resumeUpload,
  undoImport,
} from "./api/client";
import { type Session, session, token } from "./api/session.svelte";
import { Failed, type Trouble, troubleOf } from "./api/trouble";
import { type Progress, upload } from "./api/upload";
import { type Ended, Validator } from "./check/checker";
import { isInDoubt } from "./check/doubt";
import { recall, remember } from "./check/layouts";
import type {
  Broken,
  Digests,
  Edit,
  EditCall,
  Mapping,
  ProgramSummary,
  Reading,
  ReadingOptions,
  RosterCalls,
  RosterSummary,
  RuleDoc,
  Steps,
  Summary,
} from "./check/messages";
import { afterEdits } from "./check/summary";
import {
  type BegunAs,
  type Choices,
  Draft,
  type Facts,
  type Opened,
  isHere,
  left,
  remove,
} from "./keep/draft";
import { type Program, programs } from "./programs.svelte";
import { address, go, route } from "./route.svelte";
import { words } from "./words";

/** Stated on the page and enforced by the server (`shared-rules/src/limits.rs`). */
export const LIMITS = { rows: 1_000_000, bytes: 500_000_000 };

const PROGRAM_KEY = "rollcall.program";
/** From here on an import needs its file no more. */
const CONFIRMED = ["queued", "applying", "finished"];
const POLL_MS = { first: 250, slowest: 2000, growth: 1.3 };

export type Check =
  | { state: "none" }
  | { state: "reading"; reading: Reading }
  | { state: "done"; summary: Summary }
  | { state: "broken"; why: Broken | "too-large" | "program" };

export type Sending =
  | { state: "no" }
  | { state: "preparing"; bytes: number }
  | ({ state: "sending" } & Progress)
  | { state: "stopped"; trouble: Trouble };

export type Rules = { state: "loading" | "unavailable" } | { state: "ready"; docs: Map<string, RuleDoc> };

class Store {
  /** The last program used is offered first. */
  program = $state<string | null>(localStorage.getItem(PROGRAM_KEY));
  options = $state<Options>({ ...DEFAULT_OPTIONS });
  file = $state.raw<File | null>(null);
  /** How the file is read, where what it seems to be is wrong. */
  reading = $state.raw<ReadingOptions>({});
  /** Whether the columns are matched as in an earlier file with the same headers. */
  recalled = $state(false);
  check = $state.raw<Check>({ state: "none" });
  /** The last verdict on the file; it stays in sight while the file is read in another way. */
  summary = $state.raw<Summary | null>(null);
  sending = $state.raw<Sending>({ state: "no" });
  /** The import as which the file was sent. Until that is confirmed, the file can still be mended and sent again. */
  sentAs = $state<string | null>(null);
  /** Whether this browser keeps the file and its edits; not said before all of the file is kept. */
  kept = $state<boolean | null>(null);
  /** What was being prepared before a reload is still to be opened. */
  resuming = $state(isHere());
  /** What was being prepared in tabs that are closed. */
  left = $state.raw<Facts[]>([]);
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
    program: (program) => {
      this.programs = [...this.programs.filter(({ name }) => name !== program.name), program];
    },
    unavailable: () => (this.rules = { state: "unavailable" }),
    edited: (summary) => this.#edited(summary),
    steps: ({ done, total }) => (this.steps = done < total ? { done, total } : null),
  });

  /** What the next verdict is looked through for: columns that are known from before, and doubts. */
  #lookFor = { layout: true, doubts: true };
  /** How the file was read when the first edit was made, and all edits since. */
  #opened: ReadingOptions = {};
  #edits: Edit[] = [];
  #draft: Draft | null = null;
  #digests: Promise<Digests | Ended> | null = null;
  /** The import whose upload was begun and is not at its end; what changes since makes another one. */
  #begun: BegunAs | null = null;
  #abort: AbortController | null = null;
  #wake: (() => void) | null = null;

  chooseProgram(name: string): void {
    this.program = name;
    // Most programs have no passwords; of one that has, it is asked for each time.
    this.options.overwritePasswords = false;
    localStorage.setItem(PROGRAM_KEY, name);
    this.#forgetReading();
  }

  /** Forgets which program was chosen: it is there no more. */
  forgetProgram(): void {
    this.program = null;
    localStorage.removeItem(PROGRAM_KEY);
    this.#forgetReading();
  }

  /** Takes the file, and goes on to its check when it is known against what. */
  chooseFile(file: File): void {
    this.#forgetFile();
    this.file = file;
    if (this.program) go(address.review);
  }

  /** Goes on with what was being prepared in this tab, and finds what was left in others. */
  async resume(): Promise<void> {
    const owner = await this.#owner();
    // Whoever asks for one of them is told what went wrong.
    void programs.load().catch(() => null);
    const opened = await Draft.open(owner, this.#heard).catch(() => null);
    if (opened && !this.file) this.#open(opened);
    else void opened?.draft.forget();
    this.resuming = false;
    this.left = await left(owner).catch(() => []);
  }

  /** Goes on with what was being prepared in a tab that is closed. */
  async goOnWith(id: string): Promise<void> {
    this.#drop(id);
    const opened = await Draft.open(await this.#owner(), this.#heard, id).catch(() => null);
    if (!opened) return;
    this.#forgetFile();
    this.#open(opened);
    go(address.review);
  }

  forgetLeft(id: string): void {
    this.#drop(id);
    // If it fails, age will delete it.
    void remove(id).catch(() => null);
  }

  /** The file is on its way; leaving the page or taking another file would lose the upload. */
  get busy(): boolean {
    return this.sending.state === "preparing" || this.sending.state === "sending";
  }

  choose(options: Partial<Options>): void {
    Object.assign(this.options, options);
    // Whether a repeated person is an error depends on the policy.
    if (options.duplicates) this.#forgetCheck();
    this.#keep();
  }

  /** Forgets the file, here and in what this browser keeps; program and options stay. */
  startOver(): void {
    this.stopSending();
    this.#forgetFile();
    go(address.upload);
  }

  async startCheck(): Promise<void> {
    const { file, program, reading } = this;
    if (!file || !program) return;
    if (file.size > LIMITS.bytes) {
      this.check = { state: "broken", why: "too-large" };
      return;
    }
    this.check = { state: "reading", reading: { bytes: 0, rows: 0, rowsWithErrors: 0, rowsWithWarnings: 0 } };
    const found = await this.#findProgram(program).catch(() => null);
    if (file !== this.file || program !== this.program) return;
    if (found === null) {
      this.check = { state: "broken", why: "program" };
      return;
    }
    if (!found) {
      this.forgetProgram();
      return go(address.upload);
    }
    if (this.#edits.length === 0) this.#opened = reading;
    const how = { duplicates: this.options.duplicates, reading: this.#opened, edits: this.#edits };
    const subject = { file, program, schema: found.schema, ...how };
    const result = await this.validator.check(subject, (reading) => {
      this.check = { state: "reading", reading };
    });
    if (result === "cancelled") return;
    if (typeof result === "string") {
      this.check = { state: "broken", why: result };
      return;
    }
    if (this.#lookFor.layout) {
      this.#lookFor.layout = false;
      const mapping = await recall(program, headersOf(result));
      if (reading !== this.reading || file !== this.file) return;
      if (mapping) {
        this.reading = { ...reading, mapping };
        this.recalled = true;
        return this.startCheck();
      }
    }
    this.summary = result;
    this.check = { state: "done", summary: result };
    if (this.#lookFor.doubts && route().page === "review" && isInDoubt(result))
      go(address.match, { replace: true });
    this.#lookFor.doubts = false;
    this.#keep(file);
    // The checksum is needed for the upload; by the time the verdict is read it is there.
    if (!result.stopped && !this.#isEdited) this.#digests = this.#startDigests(file);
  }

  /** The program of that name; none if it is there no more. The organisation's own are asked for. */
  async #findProgram(name: string): Promise<Program | undefined> {
    if (!programs.find(name)) await programs.load();
    return programs.find(name);
  }

  /** Reads the file in another way. What its columns are is another question then. */
  readAs(change: Omit<ReadingOptions, "mapping">): void {
    if (!this.giveUpEdits()) return;
    this.#lookFor.layout = true;
    this.recalled = false;
    this.#checkAgain({ ...this.reading, ...change, mapping: {} });
  }

  chooseDateOrder(dateOrder: ReadingOptions["dateOrder"]): void {
    if (!this.giveUpEdits()) return;
    this.#checkAgain({ ...this.reading, dateOrder });
  }

  /** Changes the roster, and notes how, so that it can be done again after a reload. */
  async edit<Call extends EditCall>(
    call: Call,
    ...values: Parameters<RosterCalls[Call]>
  ): Promise<ReturnType<RosterCalls[Call]>> {
    const { file } = this;
    const answer = await this.validator.roster(call, ...values);
    if (file === this.file) {
      const edit = { call, values } as Edit;
      this.#edits.push(edit);
      this.#draft?.note(edit);
    }
    return answer;
  }

  /** Takes columns for what the importer says, in this file and the next one with the same headers. */
  match(mapping: Mapping): void {
    this.recalled = false;
    if (this.program && this.summary) void remember(this.program, headersOf(this.summary), mapping);
    if (this.#isEdited) {
      this.reading = { ...this.reading, mapping };
      void this.edit("map", mapping);
      this.#keep();
      return;
    }
    this.#forgetEdits();
    this.#checkAgain({ ...this.reading, mapping });
  }

  /** Checksum, import, upload, and on to the import's own address. */
  async send(): Promise<void> {
    const { file: chosen, program } = this;
    if (!chosen || !program || this.busy) return;
    this.sending = { state: "preparing", bytes: 0 };
    const abort = (this.#abort = new AbortController());
    try {
      const file = await this.#subject(chosen);
      const begun = await this.#begin(file, program);
      if (!begun || abort.signal.aborted) return;
      const tell = (progress: Progress) => (this.sending = { state: "sending", ...progress });
      await upload(file, begun, tell, abort.signal);
      this.#leaveFor(begun.id);
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
        this.#forgetSent(seen);
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

  /** Decides about rows that may be of people who are there already. */
  decide(decisions: RowDecision[]): Promise<void> {
    return this.#ask((id) => decide(id, decisions));
  }

  cancel(): Promise<void> {
    return this.#ask(cancelImport);
  }

  /** Invites the new people of an import that did not do so. */
  inviteLater(): Promise<void> {
    return this.#ask(inviteLater);
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

  #edited(roster: RosterSummary): void {
    if (this.check.state !== "done") return;
    const summary = afterEdits(this.check.summary, roster);
    this.check = { state: "done", summary };
    this.summary = summary;
    this.#dropUnheld(summary);
    this.edition++;
    // What would be sent is another file now.
    this.#digests = null;
  }

  /** Forgets choices of columns that an undo took back, or whose column has another header now. */
  #dropUnheld({ columns }: Summary): void {
    const held = Object.entries(this.reading.mapping ?? {}).filter(([header, field]) =>
      columns.some((column) => column.header === header && (column.field ?? null) === field),
    );
    this.reading = { ...this.reading, mapping: Object.fromEntries(held) };
  }

  /** Whether the file that is sent is another one than was chosen. */
  get #isEdited(): boolean {
    return this.check.state === "done" && this.check.summary.edits > 0;
  }

  /** What was edited is lost when the file is read anew. Whoever edited it decides; says whether it may be lost. */
  giveUpEdits(): boolean {
    const edits = this.summary?.edits ?? 0;
    if (edits > 0 && !window.confirm(words.grid.giveUp(edits))) return false;
    this.#forgetEdits();
    return true;
  }

  /** How the file that is sent is to be read: an edited one is not the one that was chosen. */
  get #readingOfSubject(): ReadingOptions {
    if (this.check.state !== "done" || !this.#isEdited) return this.reading;
    const { columns, file } = this.check.summary;
    const said = columns.filter(({ match }) => match?.reason === "values" || match?.reason === "chosen");
    const mapping = {
      ...Object.fromEntries(said.map(({ header, field }) => [header, field])),
      ...this.reading.mapping,
    };
    const { dateOrder } = this.reading;
    return { mapping, dateOrder, delimiter: "comma", headerRow: file.headerRow, sheets: file.sheets };
  }

  /** The file that is sent: the one that was chosen, or what has become of it. */
  async #subject(file: File): Promise<File> {
    if (!this.#isEdited) return file;
    const edited = await this.validator.roster("export", "all");
    return new File([edited], `${file.name.replace(/\.[^.]*$/, "")}.csv`, { type: "text/csv" });
  }

  async #startDigests(file: File): Promise<Digests | Ended> {
    return this.validator.hash(file, (bytes) => {
      if (this.sending.state === "preparing") this.sending = { state: "preparing", bytes };
    });
  }

  /** The import that the file is sent as: the one whose upload was begun, if it is still what is asked for. */
  async #begin(file: File, program: string): Promise<Begun | null> {
    const digests = await (this.#digests ?? this.#startDigests(file));
    if (digests === "cancelled") return null;
    if (typeof digests === "string") {
      this.sending = { state: "no" };
      this.check = { state: "broken", why: digests };
      return null;
    }
    const { sha256, parts } = digests;
    const asked = {
      program,
      file: { name: file.name, bytes: file.size, sha256 },
      parts,
      options: { ...this.options, reading: this.#readingOfSubject },
    };
    const text = JSON.stringify(asked);
    const inParts = parts.length > 0;
    const missing = this.#begun?.asked === text ? await this.#missing(this.#begun.id) : null;
    if (missing) return { id: this.#begun!.id, inParts, requests: missing };
    const { import: made, upload } = await createImport(asked);
    this.current = made;
    this.#begun = { id: made.id, asked: text };
    this.#keep();
    return { id: made.id, inParts, requests: upload.requests };
  }

  /** What is still to be sent; `null` if the import waits for its file no more. */
  async #missing(id: string): Promise<UploadRequest[] | null> {
    try {
      return await resumeUpload(id);
    } catch (error) {
      const isOver = error instanceof Failed && ["missing", "refused"].includes(error.trouble.kind);
      if (isOver) return null;
      throw error;
    }
  }

  #leaveFor(id: string): void {
    this.sending = { state: "no" };
    this.#begun = null;
    this.sentAs = id;
    this.#keep();
    go(address.import(id));
  }

  /** Keeps what was chosen in this browser; with a file, from now on that too. */
  #keep(file?: File): void {
    if (!this.program) return;
    const choices: Choices = {
      program: this.program,
      options: $state.snapshot(this.options),
      opened: this.#opened,
      reading: this.reading,
      recalled: this.recalled,
      begun: this.#begun,
      sentAs: this.sentAs,
    };
    if (this.#draft) return this.#draft.choose(choices);
    if (!file) return;
    this.#draft = Draft.begin(ownerOf(session()), file, choices, this.#heard);
  }

  #heard = (kept: boolean) => (this.kept = kept);

  async #owner(): Promise<string> {
    await token().catch(() => null);
    return ownerOf(session());
  }

  #open({ facts: { choices }, file, edits, draft }: Opened & { draft: Draft }): void {
    this.program = choices.program;
    Object.assign(this.options, choices.options);
    this.reading = choices.reading;
    this.recalled = choices.recalled;
    this.sentAs = choices.sentAs;
    this.#begun = choices.begun;
    this.file = file;
    this.kept = true;
    this.#opened = choices.opened;
    this.#edits = edits;
    this.#draft = draft;
    this.#lookFor = { layout: false, doubts: false };
  }

  /** The file of an import that is confirmed is needed no more, in whichever tab it was prepared. */
  #forgetSent({ id, state }: Import): void {
    if (!CONFIRMED.includes(state)) return;
    if (id === this.sentAs) this.#forgetFile();
    for (const draft of this.left) if (draft.choices.sentAs === id) this.forgetLeft(draft.id);
  }

  #drop(id: string): void {
    this.left = this.left.filter((draft) => draft.id !== id);
  }

  #forgetFile(): void {
    this.file = null;
    this.sentAs = null;
    this.#begun = null;
    this.kept = null;
    void this.#draft?.forget();
    this.#draft = null;
    this.#forgetReading();
  }

  #forgetEdits(): void {
    this.#edits = [];
    this.#draft?.unedit();
  }

  #checkAgain(reading: ReadingOptions): void {
    this.stopSending();
    this.reading = reading;
    void this.startCheck();
  }

  /** For another file or program: nothing of what was chosen or found holds any more. */
  #forgetReading(): void {
    this.reading = {};
    this.recalled = false;
    this.summary = null;
    this.#forgetEdits();
    this.#lookFor = { layout: true, doubts: true };
    this.#forgetCheck();
  }

  #forgetCheck(): void {
    this.validator.cancel();
    this.check = { state: "none" };
    this.sending = { state: "no" };
    this.#digests = null;
  }
}

export const store = new Store();

/** Whose drafts are whose: a person of an organisation. */
function ownerOf(who: Session | null): string {
  return who ? `${who.organisation}/${who.subject}` : "";
}

function headersOf({ columns }: Summary): string[] {
  return columns.map(({ header }) => header);
}

function sent({ due, sent, failed }: NonNullable<Import["invitations"]>): boolean {
  return sent + failed >= due;
}
