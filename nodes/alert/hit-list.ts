import type { Counts, Hit } from './running-total.ts';

const FIRST_ROOM = 8;

/**
 * Hits by time, in arrays of numbers: a thousand lists with a hundred hits each are a few megabytes, and none of the hits is an
 * object that the garbage collector has to follow.
 */
export class HitList {
  #times = new Float64Array(FIRST_ROOM);
  #amounts = new Float64Array(FIRST_ROOM);
  /** Kept only where they are counted. */
  #values: string[] | undefined;
  #start = 0;
  #end = 0;

  constructor(counts: Counts) {
    this.#values = counts === 'distinct' ? [] : undefined;
  }

  get length(): number {
    return this.#end - this.#start;
  }

  /** The time of the newest; minus infinity where there is none. */
  get newestMs(): number {
    return this.length === 0 ? Number.NEGATIVE_INFINITY : this.timeAt(this.length - 1);
  }

  timeAt(index: number): number {
    return this.#times[this.#start + index] as number;
  }

  amountAt(index: number): number {
    return this.#amounts[this.#start + index] as number;
  }

  valueAt(index: number): string {
    return this.#values?.[this.#start + index] ?? '';
  }

  /** Puts a hit before the one at an index; at the end without one. */
  insert({ timeMs, amount, value }: Hit, index = this.length): void {
    if (this.#end === this.#times.length) this.#makeRoom();
    const at = this.#start + index;
    if (at < this.#end) {
      this.#times.copyWithin(at + 1, at, this.#end);
      this.#amounts.copyWithin(at + 1, at, this.#end);
    }
    this.#times[at] = timeMs;
    this.#amounts[at] = amount;
    this.#values?.splice(at, 0, value);
    this.#end += 1;
  }

  dropFirst(count: number): void {
    this.#start += count;
  }

  /** Of the first `count` hits puts neighbours together, at the later one's time. Only where no values are kept. */
  pairFirst(count: number): void {
    const [times, amounts] = [this.#times, this.#amounts];
    const end = this.#start + count;
    // Backwards: what comes behind them stays where it is. An odd one is the last.
    let to = end - 1;
    if (count % 2 === 1) to -= 1;
    for (let from = to; from > this.#start; from -= 2, to -= 1) {
      times[to] = times[from] as number;
      amounts[to] = (amounts[from] as number) + (amounts[from - 1] as number);
    }
    this.#start = to + 1;
  }

  /** The index of the first hit that is later than this. */
  indexAfter(timeMs: number): number {
    let [low, high] = [this.#start, this.#end];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] as number) <= timeMs) low = middle + 1;
      else high = middle;
    }
    return low - this.#start;
  }

  toArray(): Hit[] {
    return Array.from({ length: this.length }, (_, index) => ({
      timeMs: this.timeAt(index),
      amount: this.amountAt(index),
      value: this.valueAt(index),
    }));
  }

  /** All hits are these from now on. */
  replace(hits: readonly Hit[]): void {
    this.#start = 0;
    this.#end = 0;
    if (this.#values !== undefined) this.#values = [];
    for (const hit of hits) this.insert(hit);
  }

  /** The same hits, which stay as they are now. */
  copy(): HitList {
    const copy = new HitList(this.#values === undefined ? 'records' : 'distinct');
    copy.#times = this.#times.slice(this.#start, this.#end);
    copy.#amounts = this.#amounts.slice(this.#start, this.#end);
    copy.#values = this.#values?.slice(this.#start, this.#end);
    copy.#end = this.length;
    return copy;
  }

  /** Moves the hits to the beginning where much was dropped there, else takes more memory. */
  #makeRoom(): void {
    const { length } = this;
    const isHalfEmpty = length <= this.#times.length >>> 1;
    const room = isHalfEmpty ? this.#times.length : Math.max(FIRST_ROOM, this.#times.length * 2);
    const [times, amounts] = [this.#times, this.#amounts];
    if (!isHalfEmpty) {
      this.#times = new Float64Array(room);
      this.#amounts = new Float64Array(room);
    }
    this.#times.set(times.subarray(this.#start, this.#end));
    this.#amounts.set(amounts.subarray(this.#start, this.#end));
    this.#values?.splice(0, this.#start);
    this.#start = 0;
    this.#end = length;
  }
}
