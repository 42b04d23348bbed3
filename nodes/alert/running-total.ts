/** What is counted: how many hits, the sum of their amounts, or how many different values they have. */
export type Counts = 'records' | 'sum' | 'distinct';

export interface Hit {
  /** When it happened, in ms since the epoch. */
  readonly timeMs: number;
  /** What it adds to a sum; not negative. */
  readonly amount: number;
  /** What it is told apart by where different values are counted. */
  readonly value: string;
}

/** What the hits of a window add up to, while hits come into it and go out of it. */
export class RunningTotal {
  readonly #isDistinct: boolean;
  readonly #values = new Map<string, number>();
  #sum = 0;

  constructor(counts: Counts) {
    this.#isDistinct = counts === 'distinct';
  }

  get value(): number {
    return this.#isDistinct ? this.#values.size : this.#sum;
  }

  add(amount: number, value: string): void {
    this.#sum += amount;
    if (this.#isDistinct) this.#values.set(value, (this.#values.get(value) ?? 0) + 1);
  }

  take(amount: number, value: string): void {
    this.#sum -= amount;
    if (!this.#isDistinct) return;
    const count = this.#values.get(value) ?? 0;
    if (count > 1) this.#values.set(value, count - 1);
    else this.#values.delete(value);
  }
}
