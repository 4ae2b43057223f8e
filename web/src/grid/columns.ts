/** Where the columns of a wide table stand, and which of them are in sight: a row of 256 cells is drawn in part. */

/** The left edges of the columns, and the end of the last. */
export function edgesOf(widths: number[]): number[] {
  const edges = [0];
  for (const width of widths) edges.push(edges.at(-1)! + width);
  return edges;
}

/** The first column in sight, and the one behind the last. */
export function inSight(edges: number[], scrollLeft: number, room: number): { first: number; end: number } {
  const columns = edges.length - 1;
  const behind = edges.findIndex((edge) => edge > scrollLeft);
  const first = behind < 0 ? columns : behind - 1;
  const beyond = edges.findIndex((edge) => edge >= scrollLeft + room);
  return { first: Math.max(0, first), end: beyond < 0 ? columns : beyond };
}
