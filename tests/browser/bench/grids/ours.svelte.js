import { mount } from "svelte";

import Grid from "../../../../web/src/grid/Grid.svelte";
import "../../../../web/src/styles/page.css";
import { COLUMNS, COUNT, present, read, redo, undo, write } from "./rows.js";

let edition = $state(0);

/** Does something to the rows, and has them shown as they are then. */
async function change(work) {
  await work;
  edition++;
}

async function rows(first, count) {
  const cells = await read(first, count);
  return cells.map((row, index) => ({
    id: first + index,
    number: first + index + 2,
    cells: row,
    changed: false,
    diagnostics: [],
  }));
}

const source = {
  rows,
  write: (edits) => change(write(edits.map(({ row, column, value }) => [row.id, column, value]))),
  undo: () => change(undo()),
  redo: () => change(redo()),
};

mount(Grid, {
  target: document.getElementById("root"),
  props: {
    columns: COLUMNS.map((header) => ({ header, width: 10, values: null, secret: false })),
    count: COUNT,
    choice: 0,
    get edition() {
      return edition;
    },
    source,
  },
});

present({
  scrolled: "[role=grid]",
  cell: (row, column) => `#cell-${row}-${column}`,
  active() {
    const [, row, column] =
      /^cell-(\d+)-(\d+)$/.exec(document.activeElement.getAttribute("aria-activedescendant")) ?? [];
    return [Number(row), Number(column)];
  },
});
