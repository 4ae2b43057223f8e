/** The programs that a roster can follow: those that come with the page, and those that the organisation brought. */

import builtins from "virtual:programs";

import { type OwnProgram, bringProgram, deleteProgram, listPrograms } from "./api/client";

export interface Program {
  name: string;
  title: string;
  description: string;
  /** Whether its rows may set passwords. */
  passwords: boolean;
  /** Whether a roster can be imported by it, and not only be checked. */
  importable: boolean;
  /** Its Table Schema, as JSON, if the organisation brought it. */
  schema: string | null;
}

const BUILTINS: Program[] = builtins.map((program) => ({ ...program, schema: null }));

class Programs {
  #own = $state.raw<Program[]>([]);
  #loading: Promise<void> | null = null;

  get all(): Program[] {
    return [...BUILTINS, ...this.#own];
  }

  get importable(): Program[] {
    return this.all.filter(({ importable }) => importable);
  }

  find(name: string | null): Program | undefined {
    return this.all.find((program) => program.name === name);
  }

  title(name: string): string {
    return this.find(name)?.title ?? name;
  }

  /** Fetches the organisation's own. What comes with the page is there without. */
  load(): Promise<void> {
    return (this.#loading ??= this.#fetch());
  }

  /** Stores a Table Schema as the organisation's program of that name. */
  async bring(name: string, schema: string): Promise<OwnProgram> {
    const brought = await bringProgram(name, schema);
    this.#take([...this.#own.filter((own) => own.name !== name), brought]);
    return brought;
  }

  async delete(name: string): Promise<void> {
    await deleteProgram(name);
    this.#take(this.#own.filter((own) => own.name !== name));
  }

  async #fetch(): Promise<void> {
    try {
      this.#take((await listPrograms()).filter(({ schema }) => schema));
    } catch (error) {
      this.#loading = null;
      throw error;
    }
  }

  #take(own: OwnProgram[]): void {
    this.#own = own
      .map((program) => ({ ...program, schema: program.schema ?? null }))
      .sort((one, other) => one.name.localeCompare(other.name));
  }
}

export const programs = new Programs();

/** A program's name, out of that of a file: small letters, digits and hyphens. */
export function nameOfFile(file: string): string {
  const parts = file
    .replace(/\.json$/i, "")
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  return parts?.join("-").slice(0, 40) ?? "own";
}
