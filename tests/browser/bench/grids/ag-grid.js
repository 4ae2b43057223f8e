import {
  InfiniteRowModelModule,
  ModuleRegistry,
  TextEditorModule,
  UndoRedoEditModule,
  createGrid,
} from "ag-grid-community";

import { COLUMNS, COLUMN_WIDTH, COUNT, ROW_HEIGHT, present, read, write } from "./rows.js";

ModuleRegistry.registerModules([InfiniteRowModelModule, TextEditorModule, UndoRedoEditModule]);

const api = createGrid(document.getElementById("root"), {
  rowModelType: "infinite",
  // As many rows at a time, and as many kept, as by our grid.
  cacheBlockSize: 64,
  maxBlocksInCache: 24,
  infiniteInitialRowCount: COUNT,
  rowHeight: ROW_HEIGHT,
  headerHeight: ROW_HEIGHT,
  undoRedoCellEditing: true,
  enterNavigatesVerticallyAfterEdit: true,
  defaultColDef: { editable: true, width: COLUMN_WIDTH },
  columnDefs: COLUMNS.map((headerName, column) => ({
    colId: String(column),
    headerName,
    valueGetter: ({ data }) => data?.[column],
    valueSetter: ({ data, newValue }) => {
      data[column] = newValue ?? "";
      return true;
    },
  })),
  datasource: {
    rowCount: COUNT,
    getRows: async ({ startRow, endRow, successCallback }) =>
      successCallback(await read(startRow, endRow - startRow), COUNT),
  },
  onCellValueChanged: ({ rowIndex, column, newValue }) =>
    write([[rowIndex, Number(column.getColId()), newValue ?? ""]]),
});

present({
  scrolled: ".ag-grid-viewport",
  cell: (row, column) => `[row-index="${row}"] [col-id="${column}"]`,
  active() {
    const { rowIndex, column } = api.getFocusedCell() ?? {};
    return [rowIndex, Number(column?.getColId())];
  },
});
