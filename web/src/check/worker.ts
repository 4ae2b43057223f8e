/** The worker that checks: reads a file as a stream, keeps the verdict, hands out windows of it. */

import moduleAddress from "../wasm/rollcall_validator_bg.wasm?url";
import init, { Checker, Sha256, programs, rules } from "../wasm/rollcall_validator";
import type { Progress, Verdict } from "../wasm/rollcall_validator";
import type { Sheet, UnreadableWorkbook } from "../wasm/rollcall_workbook";
import { encodings, workbooks } from "./modules";
import type { Diagnostic, FoundRow, Page, Query, Reply, Request, Summary } from "./messages";

type CheckRequest = Extract<Request, { kind: "check" }>;

const PROGRESS_EVERY_MS = 60;

/** The run that counts; a chunk of any other run is dropped. */
let current = 0;
let found: FoundRow[] = [];
let sheets: Sheet[] = [];

const loaded = init({ module_or_path: moduleAddress }).then(
  () => {
    post({ kind: "ready", programs: programs(), rules: rules() });
    return true;
  },
  () => {
    post({ kind: "unavailable" });
    return false;
  },
);

self.addEventListener("message", ({ data }: MessageEvent<Request>) => {
  switch (data.kind) {
    case "check":
      current = data.run;
      found = [];
      sheets = [];
      void orBroken(data.run, () => check(data));
      break;
    case "hash":
      current = data.run;
      void orBroken(data.run, () => hash(data));
      break;
    case "cancel":
      current = 0;
      break;
    case "page":
      post({ kind: "page", id: data.id, page: page(data.query) });
  }
});

/** A file that was moved, changed or withdrawn since it was chosen fails while it is read. */
async function orBroken(run: number, work: () => Promise<void>): Promise<void> {
  try {
    if (await loaded) await work();
  } catch (error) {
    const why = error instanceof DOMException ? "unreadable" : "failed";
    if (run === current) post({ kind: "broken", run, why });
  }
}

/** The verdict on the file, as the server will give it; `null` when another run took over. */
async function check(request: CheckRequest): Promise<void> {
  const { file } = request;
  let verdict: Verdict | null;
  if (mayBeWorkbook(await firstBytes(file))) {
    verdict = await checkWorkbook(request);
  } else if (request.reading.encoding) {
    verdict = await checkTranscoded(request);
  } else {
    verdict = await checkText(request);
    // Most files are UTF-8, and need no tables of other encodings.
    if (verdict && isInAnotherEncoding(verdict)) verdict = await checkTranscoded(request);
  }
  if (!verdict || request.run !== current) return;
  found = rowsOf(verdict);
  post({ kind: "verdict", run: request.run, summary: summaryOf(verdict) });
}

async function checkText(request: CheckRequest): Promise<Verdict | null> {
  const checker = checkerOf(request);
  const complete = await read(request.file, request.run, (chunk) => checker.push(chunk), progressOf(request));
  return complete ? checker.finish() : free(checker);
}

async function checkTranscoded(request: CheckRequest): Promise<Verdict | null> {
  const { Transcoder } = await encodings();
  const checker = checkerOf(request);
  const transcoder = new Transcoder(request.reading.encoding);
  let progress: Progress | null = null;
  const take = (text: Uint8Array) => {
    progress = checker.push(text);
  };
  const complete = await read(
    request.file,
    request.run,
    (chunk) => {
      transcoder.push(chunk, take);
      return progress;
    },
    progressOf(request),
  );
  if (!complete) {
    transcoder.free();
    return free(checker);
  }
  checker.setEncoding(transcoder.finish(take));
  checker.setBytes(request.file.size);
  return checker.finish();
}

async function checkWorkbook(request: CheckRequest): Promise<Verdict | null> {
  const { Workbook, sniff } = await workbooks();
  const bytes = new Uint8Array(await request.file.arrayBuffer());
  if (request.run !== current) return null;
  if (!sniff(bytes.subarray(0, 100))) return checkText(request);
  const checker = checkerOf(request);
  checker.setBytes(bytes.length);
  try {
    const workbook = new Workbook(bytes, request.file.name);
    sheets = workbook.sheets();
    const chosen = sheets.findIndex(({ name }) => name === request.reading.sheet);
    const sheet = chosen < 0 ? workbook.defaultSheet() : chosen;
    const tell = progressOf(request);
    checker.setSheet(sheets[sheet]?.name ?? "");
    workbook.writeCsv(sheet, (chunk) => tell(checker.push(chunk), bytes.length));
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return checker.refuse(error.message, error.help);
  }
  return checker.finish();
}

function checkerOf({ program, file, duplicates, reading }: CheckRequest): Checker {
  const { mapping = {}, delimiter, headerRow, dateOrder } = reading;
  // The day by universal time, which is the server's.
  const today = new Date().toISOString().slice(0, 10);
  return new Checker(program, file.name, { duplicates, today, mapping, delimiter, headerRow, dateOrder });
}

function free(checker: Checker): null {
  checker.free();
  return null;
}

/** An archive or an OLE container; the reader of workbooks knows more. */
function mayBeWorkbook(head: Uint8Array): boolean {
  return (head[0] === 0x50 && head[1] === 0x4b) || (head[0] === 0xd0 && head[1] === 0xcf);
}

async function firstBytes(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(0, 8).arrayBuffer());
}

function isInAnotherEncoding({ report }: Verdict): boolean {
  return report.counts.some(({ rule }) => rule === "undecodable-text" || rule === "nul-character");
}

function isUnreadable(error: unknown): error is UnreadableWorkbook {
  return typeof error === "object" && error !== null && "help" in error;
}

/** Tells the page at times how far the check is. */
function progressOf({ run }: CheckRequest): (progress: Progress | null, bytes: number) => void {
  const tell = seldom();
  return (progress, bytes) => {
    if (progress && tell()) post({ kind: "reading", run, reading: { ...progress, bytes } });
  };
}

async function hash({ run, file }: Extract<Request, { kind: "hash" }>): Promise<void> {
  const sha = new Sha256();
  const tell = seldom();
  const complete = await read(
    file,
    run,
    (chunk) => sha.update(chunk),
    (_, bytes) => {
      if (tell()) post({ kind: "hashing", run, bytes });
    },
  );
  if (!complete) return sha.free();
  post({ kind: "hashed", run, sha256: sha.finish() });
}

/** Reads the file to its end; `false` when another run took over. */
async function read<T>(
  file: File,
  run: number,
  take: (chunk: Uint8Array) => T,
  tell: (taken: T, bytes: number) => void,
): Promise<boolean> {
  const reader = file.stream().getReader();
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (run !== current) {
      await reader.cancel();
      return false;
    }
    if (done) return true;
    const taken = take(value);
    bytes += value.length;
    tell(taken, bytes);
  }
}

/** The rows that have a finding, each with its findings, in the file's order. */
function rowsOf({ report, problemRows }: Verdict): FoundRow[] {
  const findings = Map.groupBy(report.diagnostics, ({ location }) => location.row);
  return problemRows.map(({ row, cells }) => ({ row, cells, findings: findings.get(row) ?? [] }));
}

function summaryOf({ report }: Verdict): Summary {
  const general = report.diagnostics.filter(({ location }) => location.row === undefined);
  const errors = found.filter(hasError).length;
  return {
    rows: report.rows,
    rowsWithErrors: report.rowsWithErrors,
    rowsWithWarnings: report.rowsWithWarnings,
    file: report.file,
    sheets,
    columns: report.columns,
    counts: report.counts,
    general,
    stopped: general.some(isError),
    shown: { errors, warnings: found.length - errors },
    truncated: report.truncated,
  };
}

function page({ tab, rule, offset, limit }: Query): Page {
  const wanted = found.filter(
    (row) =>
      (tab === "all" || hasError(row) === (tab === "errors")) &&
      (rule === null || row.findings.some((finding) => finding.rule === rule)),
  );
  return { total: wanted.length, rows: wanted.slice(offset, offset + limit) };
}

function hasError({ findings }: FoundRow): boolean {
  return findings.some(isError);
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

/** True at most once in each interval. */
function seldom(): () => boolean {
  let next = 0;
  return () => {
    const now = performance.now();
    if (now < next) return false;
    next = now + PROGRESS_EVERY_MS;
    return true;
  };
}

function post(reply: Reply): void {
  self.postMessage(reply);
}
