/**
 * Exponential back-off: how long to wait before the next attempt. The jitter keeps many hosts from coming back to a
 * server in the same instant.
 */
export class Backoff {
  readonly #minimumMs: number;
  readonly #maximumMs: number;
  readonly #random: () => number;
  readonly #floorMs: number | undefined;
  #attempt = 0;

  /**
   * `floorMs`: no wait is shorter, and each is anything between that and its ceiling. Without it a wait is between half of its
   * ceiling and all of it.
   */
  constructor(minimumMs = 200, maximumMs = 30_000, random: () => number = Math.random, floorMs?: number) {
    this.#minimumMs = minimumMs;
    this.#maximumMs = maximumMs;
    this.#random = random;
    this.#floorMs = floorMs;
  }

  /**
   * Milliseconds to wait before the next attempt. The ceiling doubles with each call, from the minimum to the maximum
   * (by default 0.2 s to 30 s). The jitter comes after the maximum was applied: hosts that wait that long stay apart.
   */
  next(): number {
    const ceiling = Math.min(this.#maximumMs, this.#minimumMs * 2 ** this.#attempt);
    const floor = Math.min(ceiling, this.#floorMs ?? ceiling / 2);
    this.#attempt = Math.min(this.#attempt + 1, 30);
    return Math.round(floor + (ceiling - floor) * this.#random());
  }

  /** Starts with the minimum again. */
  reset(): void {
    this.#attempt = 0;
  }
}
