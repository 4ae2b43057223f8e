/**
 * Keeps what is being prepared in this browser, so that a reload loses nothing: the file's bytes once, how it is read,
 * and the edits, which are made again when it is opened. Rosters are personal data of minors: a draft is deleted by
 * whoever made it, when its import is confirmed, and when nothing was done with it for a day.
 */

import type { Options, ReadingOptions } from "../api/client";
import type { Edit } from "../check/messages";
import { editsOf, transact } from "./database";

/** A draft with which nothing was done for so long is deleted. */
export const KEPT_HOURS = 24;

/** How the tab knows its own draft after a reload. */
const KEY = "rollcall.draft";
/** Upon a reload, the page before holds its draft for a moment longer. */
const PATIENCE_MS = 2000;

/** What was chosen, apart from the file and its edits. */
export interface Choices {
  program: string;
  options: Options;
  /** How the file was read when its first edit was made, and how it is read by now. */
  opened: ReadingOptions;
  reading: ReadingOptions;
  recalled: boolean;
  /** The import whose upload was begun. */
  begun: BegunAs | null;
  /** The import as which it was sent; it is not confirmed yet. */
  sentAs: string | null;
}

/** An import, and what it was asked for with: only the same is uploaded as it. */
export interface BegunAs {
  id: string;
  asked: string;
}

/** A draft without its file and edits. */
export interface Facts {
  id: string;
  /** Who began it: nobody else is shown it. */
  owner: string;
  name: string;
  /** When something was done with it last, in milliseconds since 1970. */
  changed: number;
  choices: Choices;
}

export interface Opened {
  facts: Facts;
  file: File;
  edits: Edit[];
}

/** The draft of this tab. What is written to it is written in that order. */
export class Draft {
  #facts: Facts;
  /** How many edits have been noted. */
  #edits: number;
  readonly #release: Promise<Release | null>;
  #last: Promise<unknown>;
  /** Nothing more is written: it is forgotten, or something could not be written. */
  #ended = false;

  private constructor(
    facts: Facts,
    edits: number,
    release: Promise<Release | null>,
    private readonly told: (kept: boolean) => void,
  ) {
    this.#facts = facts;
    this.#edits = edits;
    this.#release = release;
    this.#last = release;
    sessionStorage.setItem(KEY, facts.id);
  }

  /**
   * Keeps a file from now on; `null` where the browser keeps nothing. `told` hears when all of it is kept, and when it is
   * not any more: there is no room, or keeping is turned off.
   */
  static begin(owner: string, file: File, choices: Choices, told: (kept: boolean) => void): Draft | null {
    if (!canKeep()) {
      told(false);
      return null;
    }
    const id = crypto.randomUUID();
    const facts = { id, owner, name: file.name, changed: Date.now(), choices };
    const draft = new Draft(facts, 0, hold(id), told);
    draft.#write(async () => {
      await transact(["drafts", "files"], (table) => {
        table("files").put(file, id);
        return table("drafts").put(facts);
      });
      if (!draft.#ended) told(true);
    });
    return draft;
  }

  /** Opens a draft that no other tab has open; that of this tab, where no other is named. */
  static async open(
    owner: string,
    told: (kept: boolean) => void,
    id = sessionStorage.getItem(KEY),
  ): Promise<(Opened & { draft: Draft }) | null> {
    if (!canKeep() || id === null) return null;
    const release = await hold(id);
    const found = release && (await read(id).catch(() => null));
    if (!found || !mayOpen(found.facts, owner)) {
      release?.();
      leave(id);
      return null;
    }
    const facts = { ...found.facts, owner };
    return { ...found, draft: new Draft(facts, found.edits.length, Promise.resolve(release), told) };
  }

  choose(choices: Choices): void {
    this.#touch(choices);
    this.#write(() => transact(["drafts"], (table) => table("drafts").put(this.#facts)));
  }

  note(edit: Edit): void {
    const key = [this.#facts.id, this.#edits++];
    this.#touch(this.#facts.choices);
    const facts = this.#facts;
    this.#write(() =>
      transact(["drafts", "edits"], (table) => {
        table("drafts").put(facts);
        return table("edits").put(edit, key);
      }),
    );
  }

  /** Takes all edits back: the file is read in another way. */
  unedit(): void {
    this.#edits = 0;
    const { id } = this.#facts;
    this.#write(() => transact(["edits"], (table) => table("edits").delete(editsOf(id))));
  }

  async forget(): Promise<void> {
    leave(this.#facts.id);
    this.#write(() => remove(this.#facts.id));
    this.#ended = true;
    await this.#last;
    (await this.#release)?.();
  }

  #touch(choices: Choices): void {
    this.#facts = { ...this.#facts, changed: Date.now(), choices };
  }

  #write(work: () => Promise<unknown>): void {
    if (!this.#ended) this.#last = this.#last.then(work).catch(() => this.#giveUp());
  }

  /** Edits of which one is missing would make another roster, so nothing is kept. */
  #giveUp(): Promise<unknown> {
    this.#ended = true;
    this.told(false);
    return remove(this.#facts.id).catch(() => null);
  }
}

/** The drafts of this person that no tab has open, the latest first. Those that are too old are deleted. */
export async function left(owner: string): Promise<Facts[]> {
  if (!canKeep()) return [];
  const { held = [] } = await navigator.locks.query();
  const open = new Set(held.map(({ name }) => name));
  const all = await transact<Facts[]>(["drafts"], (table) => table("drafts").getAll());
  const free = all.filter(({ id }) => !open.has(lockOf(id)));
  for (const { id } of free.filter(isOld)) await remove(id);
  return free.filter((draft) => !isOld(draft) && draft.owner === owner).sort((a, b) => b.changed - a.changed);
}

/** Whether a draft of this tab is to be opened after a reload. */
export function isHere(): boolean {
  return canKeep() && sessionStorage.getItem(KEY) !== null;
}

export function remove(id: string): Promise<unknown> {
  return transact(["drafts", "files", "edits"], (table) => {
    table("files").delete(id);
    table("edits").delete(editsOf(id));
    return table("drafts").delete(id);
  });
}

async function read(id: string): Promise<Opened | null> {
  const facts = await transact<Facts | undefined>(["drafts"], (table) => table("drafts").get(id));
  const file = await transact<File | undefined>(["files"], (table) => table("files").get(id));
  const edits = await transact<Edit[]>(["edits"], (table) => table("edits").getAll(editsOf(id)));
  return facts && file ? { facts, file, edits } : null;
}

/** The draft is this tab's no more. */
function leave(id: string): void {
  if (sessionStorage.getItem(KEY) === id) sessionStorage.removeItem(KEY);
}

function isOld({ changed }: Facts): boolean {
  return changed < Date.now() - KEPT_HOURS * 3_600_000;
}

/** Whoever began it before it was known who that is has it in the same tab. */
function mayOpen(facts: Facts, owner: string): boolean {
  return !isOld(facts) && (facts.owner === owner || facts.owner === "");
}

type Release = () => void;

/** Keeps other tabs from the draft; `null` if one of them has it. */
function hold(id: string): Promise<Release | null> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const until = () => new Promise<void>((release) => resolve(release));
    navigator.locks.request(lockOf(id), { signal }, until).catch(() => resolve(null));
  });
}

function lockOf(id: string): string {
  return `rollcall.draft.${id}`;
}

/** Neither locks nor random names are to be had on a page that came over an insecure connection. */
function canKeep(): boolean {
  return globalThis.isSecureContext && "locks" in navigator && "indexedDB" in globalThis;
}
