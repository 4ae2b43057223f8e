import { InfiniteRowModelModule, ModuleRegistry, TextEditorModule, createGrid } from "ag-grid-community";

import { COLUMNS, ROWS, Row } from "./rows.js";

ModuleRegistry.registerModules([InfiniteRowModelModule, TextEditorModule]);

createGrid(document.getElementById("root"), {
  rowModelType: "infinite",
  columnDefs: COLUMNS.map((field) => ({ field, editable: true })),
  cacheBlockSize: 64,
  maxBlocksInCache: 24,
  rowHeight: 30,
  datasource: {
    rowCount: ROWS,
    getRows({ startRow, endRow, successCallback }) {
      const rows = Array.from({ length: endRow - startRow }, (_, place) => new Row(startRow + place));
      successCallback(rows, ROWS);
    },
  },
});
