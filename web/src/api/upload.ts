/** Sends a file's bytes straight to storage: a large one part by part, and after an interruption only what is missing. */

import { type Begun, type UploadRequest, completeUpload, resumeUpload } from "./client";
import { Failed } from "./trouble";

/** Parts that are on their way at a time. */
const AT_ONCE = 2;
/** How long is waited before what is missing is sent again. Each part that arrives starts the pauses anew. */
const PAUSES_MS = [500, 1000, 2000, 5000, 10_000, 20_000];

/** How far an upload is. */
export interface Progress {
  /** Bytes that arrived, or are arriving. */
  bytes: number;
  total: number;
  /** It was interrupted, and goes on after a pause. */
  interrupted: boolean;
}

/** Sends the file until all of it is there; throws what keeps it from that. */
export async function upload(
  file: File,
  { id, inParts, requests: signed }: Begun,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<void> {
  let requests: UploadRequest[] | null = signed;
  let pauses = 0;
  const meter = new Meter(file.size, tell, () => (pauses = 0));
  for (;;) {
    try {
      // What was signed may have expired, and what seemed to fail may have arrived: the server knows.
      requests ??= await resumeUpload(id);
      meter.begin(requests);
      await sendAll(file, requests, meter, signal);
      if (inParts) await completeUpload(id);
      return;
    } catch (error) {
      const pause = PAUSES_MS[pauses++];
      if (signal.aborted || pause === undefined || !passes(error)) throw error;
      requests = null;
      meter.interrupt();
      await waitFor(pause, signal);
    }
  }
}

/** Counts what arrived and what is on its way, which is taken back when it fails. */
class Meter {
  #arrived = 0;
  readonly #underWay = new Map<UploadRequest, number>();

  constructor(
    private readonly total: number,
    private readonly tell: (progress: Progress) => void,
    private readonly arrived: () => void,
  ) {}

  begin(missing: UploadRequest[]): void {
    this.#underWay.clear();
    this.#arrived = this.total - missing.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#say(false);
  }

  note(request: UploadRequest, sent: number): void {
    // A request's headers count for some browsers.
    this.#underWay.set(request, Math.min(sent, request.bytes));
    this.#say(false);
  }

  arrive(request: UploadRequest): void {
    this.#underWay.delete(request);
    this.#arrived += request.bytes;
    this.arrived();
    this.#say(false);
  }

  interrupt(): void {
    this.#underWay.clear();
    this.#say(true);
  }

  #say(interrupted: boolean): void {
    const underWay = [...this.#underWay.values()].reduce((sum, sent) => sum + sent, 0);
    this.tell({ bytes: this.#arrived + underWay, total: this.total, interrupted });
  }
}

/** A few at a time. When one fails, those that are on their way are waited for and no other is begun. */
async function sendAll(
  file: File,
  requests: UploadRequest[],
  meter: Meter,
  signal: AbortSignal,
): Promise<void> {
  const waiting = [...requests];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      try {
        await send(file, next, meter, signal);
      } catch (error) {
        waiting.length = 0;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, lane));
  const failures = ended.flatMap((lane) => (lane.status === "rejected" ? [lane.reason as Error] : []));
  const failure = failures.find((failure) => !passes(failure)) ?? failures[0];
  if (failure) throw failure;
}

/** `fetch` cannot report how far an upload is; this can. */
async function send(file: File, signed: UploadRequest, meter: Meter, signal: AbortSignal): Promise<void> {
  const { offset, bytes, method, url, headers } = signed;
  const body = await file
    .slice(offset, offset + bytes)
    .arrayBuffer()
    .catch(() => Promise.reject(new Failed({ kind: "changed" })));
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", ({ loaded }) => meter.note(signed, loaded));
    request.addEventListener("load", () => {
      const failure = failureOf(request.status);
      if (failure) reject(failure);
      else resolve();
    });
    request.addEventListener("error", () => reject(new Failed({ kind: "offline" })));
    request.addEventListener("abort", () => reject(signal.reason as Error));
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
  meter.arrive(signed);
}

function failureOf(status: number): Failed | null {
  if (status < 300) return null;
  // Other bytes than were announced; whatever else storage refuses is signed anew.
  return new Failed({ kind: status === 400 ? "changed" : "server" });
}

function passes(error: unknown): boolean {
  // What `fetch` throws when there is no answer.
  if (error instanceof TypeError) return true;
  return error instanceof Failed && ["offline", "server"].includes(error.trouble.kind);
}

/** Waits, but no longer than until the browser is online again. */
function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const end = (settle: () => void) => () => {
      over.abort();
      clearTimeout(timer);
      settle();
    };
    const timer = setTimeout(end(resolve), milliseconds);
    const options = { signal: over.signal };
    window.addEventListener("online", end(resolve), options);
    signal.addEventListener(
      "abort",
      end(() => reject(signal.reason as Error)),
      options,
    );
  });
}
