/**
 * Exponential back-off: how long to wait before the next attempt. The jitter keeps many hosts from coming back to a
 * server in the same instant.
 */
export class Backoff {
  readonly #minimumMs: number;
  readonly #maximumMs: number;
  readonly #random: () => number;
  #attempt = 0;

  constructor(minimumMs = 200, maximumMs = 30_000, random: () => number = Math.random) {
    this.#minimumMs = minimumMs;
    this.#maximumMs = maximumMs;
    this.#random = random;
  }

  /**
   * Milliseconds to wait before the next attempt. The ceiling doubles with each call, from the minimum to the maximum
   * (by default 0.2 s to 30 s); the wait is between half of the ceiling and all of it.
   */
  next(): number {
    const ceiling = Math.min(this.#maximumMs, this.#minimumMs * 2 ** this.#attempt);
    this.#attempt = Math.min(this.#attempt + 1, 30);
    return Math.round(ceiling * (0.5 + this.#random() / 2));
  }

  /** Starts with the minimum again. */
  reset(): void {
    this.#attempt = 0;
  }
}
