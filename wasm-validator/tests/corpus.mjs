// Checks every roster of tests/fixtures/rules in WebAssembly. The report has to be, byte for byte, the one
// that the native check gave (report.json, which a test of shared-rules keeps current).

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { before, test } from "node:test";

import { Checker, FileDigest, initSync, programs, rules } from "rollcall-validator";

const corpus = new URL("../../tests/fixtures/rules/", import.meta.url);
const cases = readdirSync(corpus).sort();

before(() => {
  const module = readFileSync(new URL(import.meta.resolve("rollcall-validator/module.wasm")));
  initSync({ module });
});

function check(roster, { program, schema, ...options }, size) {
  const own = schema && JSON.stringify(schema);
  const checker = new Checker(program, "roster.csv", { ...options, ...(own && { schema: own }) });
  for (let at = 0; at < roster.length; at += size) checker.push(roster.subarray(at, at + size));
  return checker.finish();
}

test("the corpus is there", () => assert.notEqual(cases.length, 0));

for (const name of cases) {
  test(`${name}: the report is the native one`, () => {
    const folder = new URL(`${name}/`, corpus);
    const roster = readFileSync(new URL("roster.csv", folder));
    const how = JSON.parse(readFileSync(new URL("options.json", folder), "utf8"));
    const expected = readFileSync(new URL("report.json", folder), "utf8");

    for (const size of [Infinity, 13]) {
      const { report, reportJson, problemRows } = check(roster, how, size);

      assert.equal(reportJson, expected);
      assert.deepEqual(report, JSON.parse(expected));
      const named = new Set(report.diagnostics.map(({ location }) => location.row).filter(Boolean));
      assert.deepEqual(new Set(problemRows.map(({ row }) => row)), named);
    }
  });
}

test("sheets are joined as natively", () => {
  const folder = new URL("../../tests/fixtures/sheets/", import.meta.url);
  const { program, sheets } = JSON.parse(readFileSync(new URL("sheets.json", folder), "utf8"));
  const expected = readFileSync(new URL("report.json", folder), "utf8");
  const checker = new Checker(program, "roster.xlsx", { duplicates: "fill-missing" });
  const bytes = (text) => new TextEncoder().encode(text);
  const names = sheets.map(([name]) => name);
  assert.deepEqual(checker.parts(["Notes", ...names, "students "]), names);
  for (const [name, text] of sheets) {
    checker.addSheet(name);
    checker.pushHead(bytes(text));
  }
  for (const [, text] of sheets) {
    checker.nextSheet();
    checker.push(bytes(text));
  }
  const { report, reportJson, problemRows } = checker.finish();

  assert.equal(reportJson, expected);
  const places = report.diagnostics.map(({ location: { sheet, row } }) => row && `${sheet} ${row}`);
  assert.deepEqual(
    problemRows.map(({ sheet, row }) => `${sheet} ${row}`),
    [...new Set(places.filter(Boolean))],
  );
  assert.ok(problemRows.every(({ cells }) => cells.length > 0));
  const retail = new Checker("retail", "roster.xlsx", { duplicates: "fill-missing" });
  assert.deepEqual(retail.parts(names), []);
});

test("progress counts the rows", () => {
  const checker = new Checker("retail", "roster.csv", { duplicates: "skip" });
  const progress = checker.push(new TextEncoder().encode("Email\nann@example.com\nbo@example.com\n"));
  checker.free();
  assert.equal(typeof progress.rows, "number");
});

test("an unknown program is an error that names the others", () => {
  assert.throws(() => new Checker("nonsense", "roster.csv", { duplicates: "skip" }), {
    name: "Error",
    message: /^`nonsense` is not a program; choose one of retail, /,
  });
});

test("an unknown policy is an error", () => {
  assert.throws(() => new Checker("retail", "roster.csv", { duplicates: "nonsense" }), Error);
});

test("a day that is none is an error", () => {
  const options = { duplicates: "skip", today: "tomorrow" };
  assert.throws(() => new Checker("retail", "roster.csv", options), { message: /^`tomorrow` is not a day/ });
});

test("every rule is documented and every program has its columns", () => {
  assert.ok(rules().every(({ name, summary, why, help }) => name && summary && why && help));
  assert.ok(programs().every(({ name, title, fields }) => name && title && fields.length > 0));
});

test("a checksum is the one of the whole", () => {
  const digest = new FileDigest();
  for (const chunk of ["a", "", "bc"]) digest.update(new TextEncoder().encode(chunk));
  // The example "abc" of FIPS 180-4.
  const sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assert.deepEqual(digest.finish(), { sha256, parts: [] });
});
