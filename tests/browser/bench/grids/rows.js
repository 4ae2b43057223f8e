// A million rows of sixteen columns, of which none exists before it is asked for.

export const ROWS = 1_000_000;
export const COLUMNS = Array.from({ length: 16 }, (_, column) => `column${column}`);

/** A row that makes up its cells. What is written to it stays. */
export class Row {
  constructor(place) {
    this.place = place;
  }
}

for (const [column, name] of COLUMNS.entries())
  Object.defineProperty(Row.prototype, name, {
    get() {
      return `${this.place + 1}.${column + 1}`;
    },
    set(value) {
      Object.defineProperty(this, name, { value, writable: true });
    },
  });
