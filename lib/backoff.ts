/** Exponential back-off with jitter, so that many hosts do not return to a server in the same instant. */

export interface Backoff {
  /** Milliseconds to wait before the next attempt: between half and all of 0.2 s, 0.4 s, … up to 30 s. */
  next(): number;
  reset(): void;
}

export function createBackoff(minimumMs = 200, maximumMs = 30_000, random: () => number = Math.random): Backoff {
  let attempt = 0;
  return {
    next() {
      const ceiling = Math.min(maximumMs, minimumMs * 2 ** attempt);
      attempt = Math.min(attempt + 1, 30);
      return Math.round(ceiling * (0.5 + random() / 2));
    },
    reset() {
      attempt = 0;
    },
  };
}
