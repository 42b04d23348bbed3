import { performance } from 'node:perf_hooks';

const HOUR_MS = 3_600_000;

/** Counts what should be said, but not each time: the first at once, then at most once an hour with all that came since. */
export class HourlyCount {
  readonly #say: (count: number) => void;
  #unsaid = 0;
  #nextMs = Number.NEGATIVE_INFINITY;

  constructor(say: (count: number) => void) {
    this.#say = say;
  }

  add(count: number): void {
    this.#unsaid += count;
    const nowMs = performance.now();
    if (nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + HOUR_MS;
    const said = this.#unsaid;
    this.#unsaid = 0;
    this.#say(said);
  }
}
