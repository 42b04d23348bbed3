/** How many series there are at most. What was not seen for longest gives way to a new one. */
export const MOST_SERIES = 128;

/** What was measured within one step. */
export interface Step {
  readonly sum: number;
  readonly count: number;
  readonly min: number;
  readonly max: number;
}

/** A series: what was measured at each place. */
interface Column {
  readonly sums: Float64Array;
  readonly counts: Uint32Array;
  readonly mins: Float32Array;
  readonly maxs: Float32Array;
}

/**
 * All series by steps of one length, in a circle. Steps are counted in UTC from 1970: minutes or hours. A step in which nothing
 * was measured has the count 0. A series takes memory from its first value on: most hosts have far fewer than there may be.
 */
export class StepTable {
  /** How many steps there are room for. */
  readonly steps: number;
  /** Which step is at each place; -1 where there is none. */
  readonly #keys: Float64Array;
  readonly #columns: (Column | undefined)[] = new Array(MOST_SERIES).fill(undefined);
  #newest = -1;

  constructor(steps: number) {
    this.steps = steps;
    this.#keys = new Float64Array(steps).fill(-1);
  }

  /** The youngest step in which anything was measured; -1 where there is none. It is asked for every two seconds. */
  get newest(): number {
    return this.#newest;
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
    this.#columns[series] ??= newColumn(this.steps);
    const { sums, counts, mins, maxs } = this.#columns[series];
    const before = counts[place] as number;
    mins[place] = before === 0 ? min : Math.min(mins[place] as number, min);
    maxs[place] = before === 0 ? max : Math.max(maxs[place] as number, max);
    sums[place] = (sums[place] as number) + sum;
    counts[place] = before + count;
    return true;
  }

  /** What was measured in a step; undefined where nothing was. */
  at(series: number, step: number): Step | undefined {
    const column = this.#columns[series];
    if (column === undefined || !this.has(step)) return undefined;
    const at = step % this.steps;
    const count = column.counts[at] as number;
    if (count === 0) return undefined;
    const [sum, min, max] = [column.sums[at], column.mins[at], column.maxs[at]] as [number, number, number];
    return { sum, count, min, max };
  }

  /** Forgets a series: its place is another's from now on. */
  forget(series: number): void {
    this.#columns[series] = undefined;
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
    for (const column of this.#columns) {
      if (column === undefined) continue;
      column.counts[place] = 0;
      column.sums[place] = 0;
    }
  }
}

function newColumn(steps: number): Column {
  return {
    sums: new Float64Array(steps),
    counts: new Uint32Array(steps),
    mins: new Float32Array(steps),
    maxs: new Float32Array(steps),
  };
}
