/** The page's side of the worker: one worker for the page's life, requests in, replies out. */

import type {
  Broken,
  Digests,
  ProgramSummary,
  Reading,
  Reply,
  Request,
  RosterCall,
  RosterCalls,
  RosterSummary,
  Steps,
  Subject,
  Summary,
} from "./messages";

export interface Listener {
  /** The program of the file that is being checked, if the organisation brought it. */
  program(program: ProgramSummary): void;
  ready(reply: Extract<Reply, { kind: "ready" }>): void;
  unavailable(): void;
  edited(summary: RosterSummary): void;
  steps(steps: Steps): void;
}

export type Ended = Broken | "cancelled";

/** One pass over a file, under way. */
interface Run<T> {
  number: number;
  progress: (bytes: number, reading?: Reading) => void;
  done: (value: T | Ended) => void;
}

export class Validator {
  readonly #worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  readonly #calls = new Map<number, { done: (value: never) => void; failed: (error: Error) => void }>();
  #run: Run<Summary | Digests> | null = null;
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

  /** SHA-256 of the file, and of each part that it is uploaded in. */
  hash(file: File, progress: (bytes: number) => void): Promise<Digests | Ended> {
    return this.#start<Digests>((run) => ({ kind: "hash", run, file }), progress);
  }

  /** Asks something of the roster that was checked last, or does something to it. */
  roster<Call extends RosterCall>(
    call: Call,
    ...values: Parameters<RosterCalls[Call]>
  ): Promise<ReturnType<RosterCalls[Call]>> {
    const id = ++this.#last;
    return new Promise((done, failed) => {
      this.#calls.set(id, { done, failed });
      this.#send({ kind: "roster", id, call, values });
    });
  }

  /** Gives up the task that is under way on the roster. */
  giveUp(): void {
    this.#send({ kind: "give-up" });
  }

  cancel(): void {
    this.#send({ kind: "cancel" });
    this.#end("cancelled");
  }

  #start<T extends Summary | Digests>(
    request: (run: number) => Request,
    progress: Run<T>["progress"],
  ): Promise<T | Ended> {
    this.#end("cancelled");
    const number = ++this.#last;
    return new Promise((resolve) => {
      this.#run = { number, progress, done: resolve as Run<Summary | Digests>["done"] };
      this.#send(request(number));
    });
  }

  #take(reply: Reply): void {
    switch (reply.kind) {
      case "program":
        return this.listener.program(reply.program);
      case "ready":
        return this.listener.ready(reply);
      case "unavailable":
        return this.listener.unavailable();
      case "roster":
        this.#calls.get(reply.id)?.done(reply.value as never);
        this.#calls.delete(reply.id);
        return;
      case "refused":
        this.#calls.get(reply.id)?.failed(new Error(reply.why));
        this.#calls.delete(reply.id);
        return;
      case "edited":
        return this.listener.edited(reply.summary);
      case "steps":
        return this.listener.steps(reply.steps);
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
        return this.#end(reply.digests);
      case "broken":
        return this.#end(reply.why);
    }
  }

  #end(value: Summary | Digests | Ended): void {
    const run = this.#run;
    this.#run = null;
    run?.done(value);
  }

  #send(request: Request): void {
    this.#worker.postMessage(request);
  }
}
