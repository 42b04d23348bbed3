const WINDOW_MS = 60_000;

/** How much was lost in the last minute. */
export class LossWindow {
  #losses: { count: number; atMs: number }[] = [];

  /** `nowMs`: a steady clock. */
  add(count: number, nowMs: number): void {
    if (count > 0) this.#losses.push({ count, atMs: nowMs });
    this.#losses = this.#losses.filter(({ atMs }) => nowMs - atMs < WINDOW_MS);
  }

  get sum(): number {
    return this.#losses.reduce((sum, { count }) => sum + count, 0);
  }
}
