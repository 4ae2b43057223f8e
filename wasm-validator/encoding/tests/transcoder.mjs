import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";

import { Transcoder, encodings, initSync } from "rollcall-encoding";

before(() => {
  const module = readFileSync(new URL(import.meta.resolve("rollcall-encoding/module.wasm")));
  initSync({ module });
});

/** The text of these bytes, pushed a few at a time, and the encoding that was found. */
function decoded(bytes, name) {
  const parts = [];
  const transcoder = new Transcoder(name);
  for (let at = 0; at < bytes.length; at += 3) {
    transcoder.push(Uint8Array.from(bytes.slice(at, at + 3)), (part) => parts.push(...part));
  }
  const encoding = transcoder.finish((part) => parts.push(...part));
  return [encoding, new TextDecoder().decode(Uint8Array.from(parts))];
}

const ascii = (text) => [...text].map((char) => char.charCodeAt(0));

test("text in another encoding becomes UTF-8", () => {
  assert.deepEqual(decoded([...ascii("Name\nJos"), 0xe9, 0x0a]), ["windows-1252", "Name\nJosé\n"]);
  assert.deepEqual(decoded([0xff, 0xfe, 0x4a, 0, 0xe9, 0]), ["UTF-16 LE", "Jé"]);
});

test("somebody knows the encoding better", () => {
  assert.deepEqual(decoded([...ascii("Jos"), 0x8e], "macintosh"), ["Mac Roman", "José"]);
  assert.throws(() => new Transcoder("nonsense"), Error);
  assert.ok(encodings().includes("Shift_JIS"));
});

test("what the callback throws is thrown", () => {
  const transcoder = new Transcoder("UTF-8");
  const stop = () => {
    throw new Error("stop");
  };
  assert.throws(() => transcoder.push(Uint8Array.from(ascii("abc")), stop), { message: "stop" });
});
