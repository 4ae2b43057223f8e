import { defineCustomElements } from "@revolist/revogrid/loader";

import { Rows } from "../../../../web/src/grid/rows.ts";
import { COLUMNS, COLUMN_WIDTH, COUNT, ROW_HEIGHT, present, read, write } from "./rows.js";

defineCustomElements();

const grid = document.createElement("revo-grid");
// It wants all rows as objects at once; those that it has no values for yet are read as they come into sight.
const rows = new Rows(read, () => grid.refresh("rgRow"));

class Row {
  constructor(place) {
    this.place = place;
  }
}
COLUMNS.forEach((_, column) =>
  Object.defineProperty(Row.prototype, column, {
    get() {
      return rows.at(this.place)?.[column] ?? "";
    },
    set(value) {
      const cells = rows.at(this.place);
      if (cells) cells[column] = value ?? "";
      void write([[this.place, column, value ?? ""]]);
    },
  }),
);

function want(top) {
  rows.want(Math.max(0, Math.floor(top / ROW_HEIGHT)), Math.ceil(grid.clientHeight / ROW_HEIGHT) + 1);
}

grid.rowSize = ROW_HEIGHT;
grid.colSize = COLUMN_WIDTH;
grid.range = true;
grid.columns = COLUMNS.map((name, column) => ({ prop: column, name }));
grid.source = Array.from({ length: COUNT }, (_, place) => new Row(place));
grid.addEventListener("viewportscroll", ({ detail }) => {
  if (detail.dimension === "rgRow") want(detail.coordinate);
});
document.getElementById("root").append(grid);
want(0);

present({
  scrolled: "revogr-viewport-scroll.rgCol .vertical-inner",
  cell: (row, column) => `revogr-data[type="rgRow"] [data-rgrow="${row}"][data-rgcol="${column}"]`,
  async active() {
    const { cell } = (await grid.getFocused()) ?? {};
    return [cell?.y, cell?.x];
  },
});
