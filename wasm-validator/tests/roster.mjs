// Edits rosters in WebAssembly. Whatever is done, the roster's verdict is the checker's on what it exports.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { before, test } from "node:test";

import { Checker, Roster, initSync } from "rollcall-validator";

const corpus = new URL("../../tests/fixtures/rules/", import.meta.url);

before(() => {
  const module = readFileSync(new URL(import.meta.resolve("rollcall-validator/module.wasm")));
  initSync({ module });
});

function open(text, { program = "retail", schema, ...options } = { duplicates: "skip" }) {
  const own = schema && JSON.stringify(schema);
  const roster = new Roster(program, "roster.csv", { ...options, ...(own && { schema: own }) });
  roster.push(typeof text === "string" ? new TextEncoder().encode(text) : text);
  return { roster, ...roster.finish() };
}

function exported(roster, part) {
  const pieces = [];
  roster.export(part, (piece) => pieces.push(piece));
  return Buffer.concat(pieces).toString();
}

for (const name of readdirSync(corpus).sort()) {
  test(`${name}: opened to be edited, the report is the same`, () => {
    const folder = new URL(`${name}/`, corpus);
    const how = JSON.parse(readFileSync(new URL("options.json", folder), "utf8"));
    const expected = readFileSync(new URL("report.json", folder), "utf8");
    const { roster, report, reportJson, isEditable } = open(readFileSync(new URL("roster.csv", folder)), how);
    assert.equal(reportJson, expected);
    if (!isEditable) return;
    const { rows, rowsWithErrors, rowsWithWarnings, selected } = roster.summary();
    assert.deepEqual(
      { rows, rowsWithErrors, rowsWithWarnings, selected },
      { rows: report.rows, rowsWithErrors: report.rowsWithErrors, rowsWithWarnings: report.rowsWithWarnings, selected: rows },
    );
    const shown = roster.window(0, rows).flatMap(({ diagnostics }) => diagnostics);
    assert.deepEqual(shown, report.diagnostics.filter(({ location }) => location.row));
  });
}

test("cells, rows and headers are edited, fixed, taken back and exported", () => {
  const file = "Email,First Name,Last Name\nann@example,Ann,Lee\nbo@gmial.com,Bo,Lee\n";
  const { roster } = open(file, { program: "clients", duplicates: "skip" });
  const errors = () => roster.summary().rowsWithErrors;
  assert.equal(errors(), 1);
  roster.setCells([{ id: 0, column: 0, value: "ann@example.com" }]);
  assert.equal(errors(), 0);

  roster.begin({ kind: "fix", rule: "mistyped-domain" }, true);
  roster.step(100);
  const preview = roster.end();
  assert.equal(preview.examples[0].after, "bo@gmail.com");
  roster.begin({ kind: "fix", rule: "mistyped-domain" }, false);
  while (roster.step(1).done < 2);
  assert.equal(roster.end().cells, 1);

  const id = roster.insertRows(undefined, [["cy@example.com", "Cy", "Lee"]]);
  roster.deleteRows(new Uint32Array([0]));
  assert.equal(roster.select({ changed: true }), 2);
  assert.deepEqual(roster.window(0, 9).map((row) => row.number), [2, 3]);
  assert.equal(roster.window(1, 1)[0].id, id);
  const edited = "Email,First Name,Last Name\nbo@gmail.com,Bo,Lee\ncy@example.com,Cy,Lee\n";
  assert.equal(exported(roster, "all"), edited);

  const checker = new Checker("clients", "roster.csv", { duplicates: "skip" });
  checker.push(new TextEncoder().encode(edited));
  const { counts, diagnostics, rows } = JSON.parse(roster.report());
  const fresh = checker.finish().report;
  assert.deepEqual({ counts, diagnostics, rows }, { counts: fresh.counts, diagnostics: fresh.diagnostics, rows: fresh.rows });

  while (roster.undo());
  assert.equal(exported(roster, "all"), file);
  assert.equal(roster.redo(), true);

  roster.renameHeader(0, "E-Mail?");
  while (roster.step(100).done < roster.step(0).total);
  roster.mapColumns({ "E-Mail?": "Email" });
  let steps = roster.step(100);
  while (steps.done < steps.total) steps = roster.step(100);
  assert.equal(roster.summary().columns[0].field, "Email");
});

test("what cannot be done is an error, and a file without a header cannot be edited", () => {
  const { roster } = open("Email\nann@example.com\n");
  assert.throws(() => roster.setCells([{ id: 7, column: 0, value: "" }]), /not there any more/);
  assert.throws(() => roster.select({ severity: "nonsense" }), Error);
  assert.throws(() => roster.push(new Uint8Array()), /has been finished/);
  const empty = open("");
  assert.equal(empty.isEditable, false);
  assert.throws(() => empty.roster.summary(), /cannot be edited/);
});
