/** The rows in sight, fetched from the worker in blocks; a few blocks are kept. */

import type { RowView } from "../check/messages";

const BLOCK = 64;
const KEPT = 24;

export class Rows {
  #blocks = new Map<number, RowView[]>();
  /** Goes up whenever what is here may be out of date. */
  #edition = 0;
  #stale = new Set<number>();
  #wanted = new Set<number>();

  constructor(
    private readonly load: (from: number, count: number) => Promise<RowView[]>,
    private readonly fetched: () => void,
  ) {}

  /** The row at that place, if it is here. */
  at(place: number): RowView | undefined {
    return this.#blocks.get(Math.floor(place / BLOCK))?.[place % BLOCK];
  }

  /**
   * Fetches what is not here, or out of date, of these rows; then the blocks before and behind them, which are the next to
   * be looked at. `all` is how many rows there are.
   */
  want(first: number, count: number, all: number): void {
    const edition = this.#edition;
    const [from, to] = [first, first + count - 1].map((place) => Math.floor(place / BLOCK)) as [
      number,
      number,
    ];
    const inSight = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    for (const block of [...inSight, to + 1, from - 1])
      if (block >= 0 && block * BLOCK < all) void this.#fetch(block, edition);
  }

  /** The rows have changed. Those in sight stay there until they have been fetched again. */
  renew(): void {
    this.#stale = new Set(this.#blocks.keys());
    this.#wanted.clear();
    this.#edition++;
  }

  /** Other rows are shown. */
  clear(): void {
    this.#blocks.clear();
    this.renew();
  }

  async #fetch(block: number, edition: number): Promise<void> {
    if (this.#wanted.has(block) || (this.#blocks.has(block) && !this.#stale.has(block))) return;
    this.#wanted.add(block);
    const rows = await this.load(block * BLOCK, BLOCK);
    if (edition !== this.#edition) return;
    this.#wanted.delete(block);
    this.#stale.delete(block);
    // Last in the order is last fetched.
    this.#blocks.delete(block);
    this.#blocks.set(block, rows);
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= KEPT) break;
      this.#blocks.delete(oldest);
    }
    this.fetched();
  }
}
