/** A flood of them is told with its count, not one by one. */
const TOLD_MS = 60_000;

/** Tells how many records were dropped, at most once a minute. */
export class DroppedRecords {
  #told: number;
  #toldMs = Number.NEGATIVE_INFINITY;

  /** `total` is what the counter says now; what was dropped before is no news. */
  constructor(total: number) {
    this.#told = total;
  }

  /** How many are to be told now; 0 where there are none, or some were told within the minute. `nowMs`: a steady clock's. */
  take(total: number, nowMs: number): number {
    if (total <= this.#told || nowMs - this.#toldMs < TOLD_MS) return 0;
    const count = total - this.#told;
    this.#told = total;
    this.#toldMs = nowMs;
    return count;
  }
}
