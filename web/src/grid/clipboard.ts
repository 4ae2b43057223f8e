/** Cells as spreadsheets exchange them: rows of lines, tabs between cells, quotes where a cell has either. */

export function toClipboard(rows: string[][]): string {
  return rows.map((cells) => cells.map(quoted).join("\t")).join("\n");
}

function quoted(cell: string): string {
  return /[\t\n\r"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

export function fromClipboard(text: string): string[][] {
  const rows: string[][] = [[]];
  // A quoted cell, or a cell up to the next tab or line end; then what ends it.
  const cells = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r\n|\r|\n|$)/gy;
  for (let match = cells.exec(text); match; match = cells.exec(text)) {
    const [all, inQuotes, plain, end] = match;
    rows.at(-1)?.push(inQuotes?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "" || all === "") break;
    if (end !== "\t") rows.push([]);
  }
  // The line end behind the last row does not begin another.
  if (rows.length > 1 && rows.at(-1)?.join("") === "") rows.pop();
  return rows;
}
