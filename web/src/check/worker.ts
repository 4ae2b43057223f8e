/** The worker that checks: reads a file as a stream, keeps the verdict, hands out windows of it. */

import moduleAddress from "../wasm/rollcall_validator_bg.wasm?url";
import init, { Checker, FileDigest, Roster, programs, readProgram, rules } from "../wasm/rollcall_validator";
import type { CheckerOptions, Opened, Progress, Report } from "../wasm/rollcall_validator";
import type { Sheet, UnreadableWorkbook, Workbook } from "../wasm/rollcall_workbook";
import { Desk } from "./desk";
import { encodings, workbooks } from "./modules";
import type { Reply, Request, Summary } from "./messages";
import { inStretches, seldom } from "./pace";
import { afterEdits, isError } from "./summary";

type CheckRequest = Extract<Request, { kind: "check" }>;

const PROGRESS_EVERY_MS = 60;
/** So many bytes are taken at once: a few milliseconds' work. The browser hands over pieces of megabytes. */
const PIECE = 128 << 10;

/** The run that counts; a chunk of any other run is dropped. */
let current = 0;
const desk = new Desk(post);
let sheets: Sheet[] = [];
let parts: string[] = [];

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
      desk.clear();
      sheets = [];
      parts = [];
      void orBroken(data.run, () => check(data));
      break;
    case "hash":
      current = data.run;
      void orBroken(data.run, () => hash(data));
      break;
    case "cancel":
      current = 0;
      break;
    case "give-up":
      desk.giveUp();
      break;
    case "roster":
      void desk.take(data.id, data.call, data.values);
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

/** A file that was read to its end; without a roster where it could not be read at all. */
interface Checked extends Opened {
  roster: Roster | null;
}

/** The verdict on the file, as the server will give it; `null` when another run took over. */
async function check(request: CheckRequest): Promise<void> {
  const { file, program, schema } = request;
  if (schema) post({ kind: "program", program: readProgram(program, schema) });
  let verdict: Checked | null;
  if (mayBeWorkbook(await firstBytes(file))) {
    verdict = await checkWorkbook(request);
  } else if (request.reading.encoding) {
    verdict = await checkTranscoded(request);
  } else {
    verdict = await checkText(request);
    // Most files are UTF-8, and need no tables of other encodings.
    if (verdict && isInAnotherEncoding(verdict.report)) {
      verdict.roster?.free();
      verdict = await checkTranscoded(request);
    }
  }
  if (!verdict) return;
  if (request.run !== current) return verdict.roster?.free();
  let summary = summaryOf(verdict);
  if (verdict.roster && verdict.isEditable) {
    desk.lay(verdict.roster);
    const edited = request.edits.length > 0 && (await desk.repeat(request.edits));
    if (edited) summary = afterEdits(summary, edited);
  } else {
    verdict.roster?.free();
  }
  post({ kind: "verdict", run: request.run, summary });
}

async function checkText(request: CheckRequest): Promise<Checked | null> {
  const roster = rosterOf(request);
  const complete = await read(request.file, request.run, (chunk) => roster.push(chunk), progressOf(request));
  return complete ? finish(roster) : free(roster);
}

async function checkTranscoded(request: CheckRequest): Promise<Checked | null> {
  const { Transcoder } = await encodings();
  const roster = rosterOf(request);
  const transcoder = new Transcoder(request.reading.encoding);
  let progress: Progress | null = null;
  const take = (text: Uint8Array) => {
    progress = roster.push(text);
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
    return free(roster);
  }
  roster.setEncoding(transcoder.finish(take));
  roster.setBytes(request.file.size);
  return finish(roster);
}

async function checkWorkbook(request: CheckRequest): Promise<Checked | null> {
  const { Workbook, sniff } = await workbooks();
  const bytes = new Uint8Array(await request.file.arrayBuffer());
  if (request.run !== current) return null;
  if (!sniff(bytes.subarray(0, 100))) return checkText(request);
  const roster = rosterOf(request);
  roster.setBytes(bytes.length);
  try {
    const workbook = new Workbook(bytes, request.file.name);
    sheets = workbook.sheets();
    parts = roster.parts(sheets.filter(({ visible }) => visible).map(({ name }) => name));
    const read = sheetsToRead(workbook, request.reading.sheet);
    const name = (sheet: number) => sheets[sheet]?.name ?? "";
    roster.setLeftOut(sheets.flatMap(({ name }, sheet) => (read.includes(sheet) ? [] : [name])));
    if (read.length === 1) roster.setSheet(name(read[0]!));
    else
      for (const sheet of read) {
        roster.addSheet(name(sheet));
        workbook.writeCsv(sheet, (chunk) => roster.pushHead(chunk));
      }
    const tell = progressOf(request);
    for (const sheet of read) {
      if (read.length > 1) roster.nextSheet();
      workbook.writeCsv(sheet, (chunk) => tell(roster.push(chunk), bytes.length));
    }
  } catch (error) {
    roster.free();
    if (!isUnreadable(error)) throw error;
    return refused(request, error, bytes.length);
  }
  return finish(roster);
}

/** The sheet that was chosen; else those that are one roster; else the first. */
function sheetsToRead(workbook: Workbook, chosen: string | undefined): number[] {
  const sheet = sheets.findIndex(({ name }) => name === chosen);
  if (sheet >= 0) return [sheet];
  if (parts.length < 2) return [workbook.defaultSheet()];
  return parts.map((part) => sheets.findIndex(({ name, visible }) => visible && name === part));
}

function refused(request: CheckRequest, { message, help }: UnreadableWorkbook, bytes: number): Checked {
  const checker = new Checker(request.program, request.file.name, optionsOf(request));
  checker.setBytes(bytes);
  const { report, reportJson } = checker.refuse(message, help);
  return { report, reportJson, isEditable: false, roster: null };
}

function rosterOf(request: CheckRequest): Roster {
  return new Roster(request.program, request.file.name, optionsOf(request));
}

function optionsOf({ duplicates, schema, reading }: CheckRequest): CheckerOptions {
  const { mapping = {}, delimiter, headerRow, dateOrder } = reading;
  // The day by universal time, which is the server's.
  const today = new Date().toISOString().slice(0, 10);
  return { duplicates, schema: schema ?? undefined, today, mapping, delimiter, headerRow, dateOrder };
}

function finish(roster: Roster): Checked {
  return { ...roster.finish(), roster };
}

function free(roster: Roster): null {
  roster.free();
  return null;
}

/** An archive or an OLE container; the reader of workbooks knows more. */
function mayBeWorkbook(head: Uint8Array): boolean {
  return (head[0] === 0x50 && head[1] === 0x4b) || (head[0] === 0xd0 && head[1] === 0xcf);
}

async function firstBytes(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(0, 8).arrayBuffer());
}

function isInAnotherEncoding({ counts }: Report): boolean {
  return counts.some(({ rule }) => rule === "undecodable-text" || rule === "nul-character");
}

function isUnreadable(error: unknown): error is UnreadableWorkbook {
  return typeof error === "object" && error !== null && "help" in error;
}

/** Tells the page at times how far the check is. */
function progressOf({ run }: CheckRequest): (progress: Progress | null, bytes: number) => void {
  const tell = seldom(PROGRESS_EVERY_MS);
  return (progress, bytes) => {
    if (progress && tell()) post({ kind: "reading", run, reading: { ...progress, bytes } });
  };
}

async function hash({ run, file }: Extract<Request, { kind: "hash" }>): Promise<void> {
  const digest = new FileDigest();
  const tell = seldom(PROGRESS_EVERY_MS);
  const complete = await read(
    file,
    run,
    (chunk) => digest.update(chunk),
    (_, bytes) => {
      if (tell()) post({ kind: "hashing", run, bytes });
    },
  );
  if (!complete) return digest.free();
  post({ kind: "hashed", run, digests: digest.finish() });
}

/** Reads the file to its end; `false` when another run took over. */
async function read<T>(
  file: File,
  run: number,
  take: (chunk: Uint8Array) => T,
  tell: (taken: T, bytes: number) => void,
): Promise<boolean> {
  const reader = file.stream().getReader();
  const breathe = inStretches();
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (run === current && done) return true;
    for (let from = 0; run === current && from < value!.length; from += PIECE) {
      const piece = value!.subarray(from, from + PIECE);
      const taken = take(piece);
      bytes += piece.length;
      tell(taken, bytes);
      await breathe();
    }
    if (run !== current) {
      await reader.cancel();
      return false;
    }
  }
}

function summaryOf({ report, isEditable }: Checked): Summary {
  const general = report.diagnostics.filter(({ location }) => location.row === undefined);
  return {
    rows: report.rows,
    rowsWithErrors: report.rowsWithErrors,
    rowsWithWarnings: report.rowsWithWarnings,
    file: report.file,
    sheets,
    parts,
    columns: report.columns,
    counts: report.counts,
    general,
    stopped: general.some(isError),
    editable: isEditable,
    edits: 0,
    redos: 0,
  };
}

function post(reply: Reply): void {
  self.postMessage(reply);
}
