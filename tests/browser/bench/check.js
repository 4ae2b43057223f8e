import init, { Checker } from "./rollcall_validator.js";

const { memory } = await init({ module_or_path: "rollcall_validator_bg.wasm" });

self.onmessage = async ({ data: file }) => {
  const started = performance.now();
  const checker = new Checker("retail", file.name, { duplicates: "fill-missing" });
  const reader = file.stream().getReader();
  let first = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const { rows } = checker.push(value);
    if (rows > 0) first ||= performance.now() - started;
  }
  const { report } = checker.finish();
  self.postMessage({
    rows: report.rows,
    first,
    all: performance.now() - started,
    memory: memory.buffer.byteLength,
  });
};
self.postMessage("ready");
