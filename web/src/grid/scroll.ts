/** Which rows of a long table are in sight. No browser makes an element as high as a million rows. */

export const ROW_HEIGHT = 30;

/** Well below what the browsers allow: Firefox, the least generous, has 17.8 million. */
const HIGHEST = 12_000_000;

export interface Sight {
  /** The first row that is drawn, and how many are. */
  first: number;
  count: number;
  /** Where the first row stands in the scrolled element. */
  top: number;
}

/** The height of the scrolled element. */
export function heightOf(rows: number): number {
  return Math.min(rows * ROW_HEIGHT, HIGHEST);
}

/** How many rows are in sight at most. */
export function rowsIn(viewport: number): number {
  return Math.ceil(viewport / ROW_HEIGHT) + 1;
}

export function sightOf(rows: number, scrollTop: number, viewport: number): Sight {
  const virtual = scrollTop * ratio(rows, viewport);
  const first = Math.max(0, Math.min(Math.floor(virtual / ROW_HEIGHT), rows - 1));
  const count = Math.min(rowsIn(viewport), rows - first);
  return { first, count, top: scrollTop + first * ROW_HEIGHT - virtual };
}

/** Where to scroll so that the row is wholly in sight; where the table stands if it is. */
export function scrollTo(row: number, rows: number, scrollTop: number, viewport: number): number {
  const scale = ratio(rows, viewport);
  const virtual = scrollTop * scale;
  const top = row * ROW_HEIGHT;
  if (top < virtual) return top / scale;
  const bottom = top + ROW_HEIGHT - viewport;
  return bottom > virtual ? bottom / scale : scrollTop;
}

/** So many pixels of rows are passed by one pixel of scrolling. */
function ratio(rows: number, viewport: number): number {
  const all = rows * ROW_HEIGHT - viewport;
  const scrolled = heightOf(rows) - viewport;
  return scrolled > 0 && all > scrolled ? all / scrolled : 1;
}
