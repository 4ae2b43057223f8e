import init, { Checker } from "./rollcall_validator.js";
import initWorkbook, { Workbook } from "./rollcall_workbook.js";

const modules = await Promise.all([
  init({ module_or_path: "rollcall_validator_bg.wasm" }),
  initWorkbook({ module_or_path: "rollcall_workbook_bg.wasm" }),
]);

self.onmessage = async ({ data: file }) => {
  const started = performance.now();
  const workbook = new Workbook(new Uint8Array(await file.arrayBuffer()), file.name);
  const checker = new Checker("retail", file.name, { duplicates: "fill-missing" });
  workbook.writeCsv(workbook.defaultSheet(), (chunk) => void checker.push(chunk));
  const { report } = checker.finish();
  const bytes = modules.map(({ memory }) => memory.buffer.byteLength);
  self.postMessage({
    rows: report.rows,
    all: performance.now() - started,
    memory: bytes.reduce((sum, of) => sum + of),
  });
};
self.postMessage("ready");
