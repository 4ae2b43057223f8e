/** The page's side of the worker: one worker for the page's life, requests in, replies out. */

import type { Broken, Page, Query, Reading, Reply, Request, Subject, Summary } from "./messages";

export interface Listener {
  ready(reply: Extract<Reply, { kind: "ready" }>): void;
  unavailable(): void;
}

export type Ended = Broken | "cancelled";

export interface Hash {
  sha256: string;
}

/** One pass over a file, under way. */
interface Run<T> {
  number: number;
  progress: (bytes: number, reading?: Reading) => void;
  done: (value: T | Ended) => void;
}

export class Validator {
  readonly #worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  readonly #pages = new Map<number, (page: Page) => void>();
  #run: Run<Summary | Hash> | null = null;
  #last = 0;

  constructor(private readonly listener: Listener) {
    this.#worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => this.#take(data));
    this.#worker.addEventListener("error", () => listener.unavailable());
  }

  check(subject: Subject, progress: (reading: Reading) => void): Promise<Summary | Ended> {
    return this.#start<Summary>(
      (run) => ({ kind: "check", run, ...subject }),
      (_, reading) => reading && progress(reading),
    );
  }

  /** SHA-256 of the file's bytes, in hexadecimal. */
  hash(file: File, progress: (bytes: number) => void): Promise<Hash | Ended> {
    return this.#start<Hash>((run) => ({ kind: "hash", run, file }), progress);
  }

  /** Rows of the last verdict. */
  page(query: Query): Promise<Page> {
    const id = ++this.#last;
    return new Promise((resolve) => {
      this.#pages.set(id, resolve);
      this.#send({ kind: "page", id, query });
    });
  }

  cancel(): void {
    this.#send({ kind: "cancel" });
    this.#end("cancelled");
  }

  #start<T extends Summary | Hash>(
    request: (run: number) => Request,
    progress: Run<T>["progress"],
  ): Promise<T | Ended> {
    this.#end("cancelled");
    const number = ++this.#last;
    return new Promise((resolve) => {
      this.#run = { number, progress, done: resolve as Run<Summary | Hash>["done"] };
      this.#send(request(number));
    });
  }

  #take(reply: Reply): void {
    switch (reply.kind) {
      case "ready":
        return this.listener.ready(reply);
      case "unavailable":
        return this.listener.unavailable();
      case "page":
        this.#pages.get(reply.id)?.(reply.page);
        this.#pages.delete(reply.id);
        return;
    }
    if (reply.run !== this.#run?.number) return;
    switch (reply.kind) {
      case "reading":
        return this.#run.progress(reply.reading.bytes, reply.reading);
      case "hashing":
        return this.#run.progress(reply.bytes);
      case "verdict":
        return this.#end(reply.summary);
      case "hashed":
        return this.#end({ sha256: reply.sha256 });
      case "broken":
        return this.#end(reply.why);
    }
  }

  #end(value: Summary | Hash | Ended): void {
    const run = this.#run;
    this.#run = null;
    run?.done(value);
  }

  #send(request: Request): void {
    this.#worker.postMessage(request);
  }
}
