/** The worker that checks: reads a file as a stream, keeps the verdict, hands out windows of it. */

import moduleAddress from "../wasm/rollcall_validator_bg.wasm?url";
import init, { Checker, Sha256, programs, rules } from "../wasm/rollcall_validator";
import type { Verdict } from "../wasm/rollcall_validator";
import type { Diagnostic, FoundRow, Page, Query, Reply, Request, Summary } from "./messages";

const PROGRESS_EVERY_MS = 60;

/** The run that counts; a chunk of any other run is dropped. */
let current = 0;
let found: FoundRow[] = [];

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

async function check({ run, file, program, duplicates }: Extract<Request, { kind: "check" }>): Promise<void> {
  const checker = new Checker(program, file.name, { duplicates });
  const tell = seldom();
  let bytes = 0;
  const complete = await read(file, run, (chunk) => {
    const progress = checker.push(chunk);
    bytes += chunk.length;
    if (tell()) post({ kind: "reading", run, reading: { ...progress, bytes } });
  });
  if (!complete) return checker.free();
  const verdict = checker.finish();
  found = rowsOf(verdict);
  post({ kind: "verdict", run, summary: summaryOf(verdict) });
}

async function hash({ run, file }: Extract<Request, { kind: "hash" }>): Promise<void> {
  const sha = new Sha256();
  const tell = seldom();
  let bytes = 0;
  const complete = await read(file, run, (chunk) => {
    sha.update(chunk);
    bytes += chunk.length;
    if (tell()) post({ kind: "hashing", run, bytes });
  });
  if (!complete) return sha.free();
  post({ kind: "hashed", run, sha256: sha.finish() });
}

/** Reads the file to its end; `false` when another run took over. */
async function read(file: File, run: number, take: (chunk: Uint8Array) => void): Promise<boolean> {
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (run !== current) {
      await reader.cancel();
      return false;
    }
    if (done) return true;
    take(value);
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
