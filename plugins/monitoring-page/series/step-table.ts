/** How many series there are at most. What was not seen for longest gives way to a new one. */
export const MOST_SERIES = 128;

/** What was measured within one step. */
export interface Step {
  readonly sum: number;
  readonly count: number;
  readonly min: number;
  readonly max: number;
}

/**
 * All series by steps of one length, in a circle. Steps are counted in UTC from 1970: minutes or hours. A step in which nothing
 * was measured has the count 0.
 */
export class StepTable {
  /** How many steps there are room for. */
  readonly steps: number;
  /** Which step is at each place; -1 where there is none. */
  readonly #keys: Float64Array;
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;
  readonly #mins: Float32Array;
  readonly #maxs: Float32Array;
  #newest = -1;

  constructor(steps: number) {
    this.steps = steps;
    this.#keys = new Float64Array(steps).fill(-1);
    this.#sums = new Float64Array(steps * MOST_SERIES);
    this.#counts = new Uint32Array(steps * MOST_SERIES);
    this.#mins = new Float32Array(steps * MOST_SERIES);
    this.#maxs = new Float32Array(steps * MOST_SERIES);
  }

  /** The youngest step in which anything was measured; -1 where there is none. It is asked for every two seconds. */
  get newest(): number {
    return this.#newest;
  }

  get oldest(): number {
    const keys = this.#keys.filter((key) => key >= 0);
    return keys.reduce((oldest, key) => Math.min(oldest, key), keys[0] ?? -1);
  }

  has(step: number): boolean {
    return this.#keys[step % this.steps] === step;
  }

  /** Adds to what was measured in a step. What was at its place and is older goes. False for a step that is itself too old. */
  add(series: number, step: number, { sum, count, min, max }: Step): boolean {
    if (count === 0) return true;
    const place = step % this.steps;
    const key = this.#keys[place] as number;
    if (key > step) return false;
    if (key < step) this.#clear(place, step);
    const at = place * MOST_SERIES + series;
    const before = this.#counts[at] as number;
    this.#mins[at] = before === 0 ? min : Math.min(this.#mins[at] as number, min);
    this.#maxs[at] = before === 0 ? max : Math.max(this.#maxs[at] as number, max);
    this.#sums[at] = (this.#sums[at] as number) + sum;
    this.#counts[at] = before + count;
    return true;
  }

  /** What was measured in a step; undefined where nothing was. */
  at(series: number, step: number): Step | undefined {
    if (!this.has(step)) return undefined;
    const at = (step % this.steps) * MOST_SERIES + series;
    const count = this.#counts[at] as number;
    if (count === 0) return undefined;
    const [sum, min, max] = [this.#sums[at], this.#mins[at], this.#maxs[at]] as [number, number, number];
    return { sum, count, min, max };
  }

  /** Forgets a series: its place is another's from now on. */
  forget(series: number): void {
    for (let place = 0; place < this.steps; place += 1) this.#counts[place * MOST_SERIES + series] = 0;
  }

  /** Forgets all steps later than this one. Gives how many there were. */
  forgetAfter(step: number): number {
    let count = 0;
    for (let place = 0; place < this.steps; place += 1) {
      if ((this.#keys[place] as number) <= step) continue;
      this.#keys[place] = -1;
      count += 1;
    }
    this.#newest = this.#keys.reduce((newest, key) => Math.max(newest, key), -1);
    return count;
  }

  #clear(place: number, step: number): void {
    this.#keys[place] = step;
    this.#newest = Math.max(this.#newest, step);
    this.#counts.fill(0, place * MOST_SERIES, (place + 1) * MOST_SERIES);
    this.#sums.fill(0, place * MOST_SERIES, (place + 1) * MOST_SERIES);
  }
}
