/** Numbers, sizes and dates in the reader's own way of writing them. */

import { locale } from "./language.svelte";

const whole = by((tag) => new Intl.NumberFormat(tag));
const share = by((tag) => new Intl.NumberFormat(tag, { style: "percent" }));
const when = by((tag) => new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" }));
const list = by((tag) => new Intl.ListFormat(tag, { type: "conjunction" }));
const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

export function number(value: number): string {
  return whole().format(value);
}

export function percent(done: number, total: number): string {
  return share().format(total === 0 ? 1 : Math.min(1, done / total));
}

/** A column's name in a spreadsheet: A, B, … Z, AA. */
export function letters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : letters(Math.floor(column / 26) - 1) + last;
}

export function bytes(value: number): string {
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(locale(), {
    style: "unit",
    unit: UNITS[unit]!,
    unitDisplay: unit === 0 ? "long" : "short",
    maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0,
  }).format(value);
}

export function date(rfc3339: string): string {
  return when().format(new Date(rfc3339));
}

export function listing(parts: string[]): string {
  return list().format(parts);
}

/** A row's number, with its sheet where the roster is several. */
export function place({ sheet, number: row }: { sheet?: string | null; number: number }): string {
  return sheet ? `${sheet} ${number(row)}` : number(row);
}

/** What is made once for each locale: making a format takes longer than using it. */
function by<Format>(make: (tag: string) => Format): () => Format {
  const made = new Map<string, Format>();
  return () => {
    const tag = locale();
    const format = made.get(tag) ?? make(tag);
    made.set(tag, format);
    return format;
  };
}
