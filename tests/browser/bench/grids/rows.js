// What every grid shows: synthetic rows that a worker answers, so many as the address says.

/** As many as `retail` has. */
const WIDTH = 43;

export const COUNT = Number(new URLSearchParams(location.search).get("rows"));
export const COLUMNS = Array.from({ length: WIDTH }, (_, column) => `Column ${column + 1}`);
/** Pixels, as wide as our grid draws such a column. */
export const COLUMN_WIDTH = 99;
export const ROW_HEIGHT = 30;

const worker = new Worker("/worker.js", { type: "module" });
const waiting = new Map();
let last = 0;

worker.onmessage = ({ data: { id, answer } }) => {
  waiting.get(id)(answer);
  waiting.delete(id);
};

function ask(call, ...values) {
  return new Promise((resolve) => {
    waiting.set(++last, resolve);
    worker.postMessage({ id: last, call, values });
  });
}

/** The cells of so many rows from there on. */
export const read = (first, count) => ask("read", first, Math.min(count, COUNT - first), WIDTH);
/** Writes cells: `[row, column, value]` each. */
export const write = (cells) => ask("write", cells);
export const undo = () => ask("undo");
export const redo = () => ask("redo");

/** Tells the benchmark what it asks of a grid; places are counted from 0. */
export function present({ scrolled, cell, active }) {
  const stored = async (row, column) => (await read(row, 1))[0][column];
  globalThis.grid = { scrolled, cell, active, stored, columns: WIDTH };
}
