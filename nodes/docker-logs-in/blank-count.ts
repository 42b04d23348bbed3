/** How often people are told of blank lines at most, in milliseconds. */
const TELL_MS = 3_600_000;

/** Lines that were not sent because there is nothing to read in them: counted, and said now and then. */
export class BlankCount {
  #count = 0;
  #told = 0;
  #toldMs = Number.NEGATIVE_INFINITY;

  add(): void {
    this.#count += 1;
  }

  /** How many there are since they were told last, where it is time to tell of them; `nowMs` is that of any steady clock. */
  due(nowMs: number): number | undefined {
    if (this.#count === this.#told || nowMs - this.#toldMs < TELL_MS) return undefined;
    const count = this.#count - this.#told;
    this.#told = this.#count;
    this.#toldMs = nowMs;
    return count;
  }
}
