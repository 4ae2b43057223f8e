// Reads the workbooks of shared-rules/workbook in WebAssembly. The text has to be, byte for byte, the one that
// the native reader gives (it lies beside each, and a test of that crate keeps it current).

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { before, test } from "node:test";

import { Workbook, initSync, sniff } from "rollcall-workbook";

const folder = new URL("../../../shared-rules/workbook/tests/fixtures/", import.meta.url);
const readable = readdirSync(folder).filter((name) => name.endsWith(".csv")).map((name) => name.slice(0, -4));

before(() => {
  const module = readFileSync(new URL(import.meta.resolve("rollcall-workbook/module.wasm")));
  initSync({ module });
});

function csv(workbook, sheet) {
  const chunks = [];
  workbook.writeCsv(sheet, (chunk) => void chunks.push(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

test("the fixtures are there", () => assert.notEqual(readable.length, 0));

for (const name of readable) {
  test(`${name}: the text is the native one`, () => {
    const workbook = new Workbook(readFileSync(new URL(name, folder)), name);
    const text = csv(workbook, workbook.defaultSheet());
    workbook.free();
    assert.equal(text, readFileSync(new URL(`${name}.csv`, folder), "utf8"));
  });
}

test("the first bytes tell the kind", () => {
  const head = (name) => readFileSync(new URL(name, folder)).subarray(0, 100);
  assert.equal(sniff(head("sheetjs.xlsx")), "xlsx");
  assert.equal(sniff(head("sheetjs.xls")), "xls");
  assert.equal(sniff(head("libreoffice.ods")), "ods");
  assert.equal(sniff(new TextEncoder().encode("Email\n")), undefined);
});

test("sheets have a name and say whether they are shown", () => {
  const workbook = new Workbook(readFileSync(new URL("sheetjs.xlsx", folder)), "a.xlsx");
  assert.deepEqual(workbook.sheets(), [
    { name: "Hidden", visible: false },
    { name: "Roster", visible: true },
  ]);
  assert.equal(csv(workbook, 0), "hidden\n");
});

test("a callback can have enough, and what it throws is thrown", () => {
  const workbook = new Workbook(readFileSync(new URL("sheetjs.xlsx", folder)));
  workbook.writeCsv(1, () => false);
  const failure = new Error("mine");
  assert.throws(() => workbook.writeCsv(1, () => { throw failure; }), failure);
});

test("a file that cannot be read is an object of message and help", () => {
  const text = new TextEncoder().encode("Email\n");
  const encrypted = readFileSync(new URL("encrypted.xlsx", folder));
  const xlsx = readFileSync(new URL("sheetjs.xlsx", folder));
  for (const [open, message] of [
    [() => new Workbook(text, "a.xlsx"), /^The file is not a workbook: /],
    [() => new Workbook(encrypted, "a.xlsx"), /^The workbook is protected with a password /],
    [() => new Workbook(xlsx, "a.xls"), /^The file's name does not end as /],
    [() => new Workbook(xlsx.subarray(0, 1000), "a.xlsx"), /^The workbook is damaged: /],
    [() => new Workbook(xlsx, "a.xlsx").writeCsv(9, () => {}), /^The workbook has no sheet number 10\.$/],
  ]) {
    assert.throws(open, (thrown) => {
      assert.deepEqual(Object.keys(thrown), ["message", "help"]);
      assert.match(thrown.message, message);
      return thrown.help.length > 0;
    });
  }
});
