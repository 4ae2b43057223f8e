import { defineCustomElements } from "@revolist/revogrid/loader";

import { COLUMNS, ROWS, Row } from "./rows.js";

defineCustomElements();

const grid = document.createElement("revo-grid");
Object.assign(grid, {
  columns: COLUMNS.map((prop) => ({ prop, name: prop })),
  source: Array.from({ length: ROWS }, (_, place) => new Row(place)),
  rowSize: 30,
  range: true,
  useClipboard: true,
  accessible: true,
});
document.getElementById("root").append(grid);
