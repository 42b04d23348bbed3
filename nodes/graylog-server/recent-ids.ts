import { fingerprint } from '../../lib/fingerprint.ts';

/** Ids that there is room for at first: what most hosts take in within that time. */
const FIRST_ROOM = 1_024;

/**
 * The ids of the records taken in last. After a redeploy a source reads again what it had handed on in the last moment
 * before it. The ids of those records are known here, so that they do not go out twice.
 */
export class RecentIds {
  // Fingerprints in typed arrays and not the texts: a hundred thousand of them a second would outlive every collection.
  #ids: Float64Array;
  #times: Float64Array;
  readonly #capacity: number;
  readonly #keepMs: number;
  #next = 0;
  #before: Set<number> | undefined;
  #beforeUntilMs = 0;

  /**
   * `keepMs`: how far back `fingerprints` is asked for. Memory grows, to `capacity` ids at most, where what is that young
   * would be written over.
   */
  constructor(capacity = 262_144, keepMs = Number.POSITIVE_INFINITY) {
    this.#capacity = capacity;
    this.#keepMs = keepMs;
    const room = Math.min(capacity, FIRST_ROOM);
    this.#ids = new Float64Array(room);
    this.#times = new Float64Array(room).fill(Number.NEGATIVE_INFINITY);
  }

  /**
   * Whether the record is one of those from before the redeploy. The record is remembered in any case: when the next
   * redeploy follows at once, the source reads it a third time. `nowMs`: any steady clock.
   */
  checkRepeat(id: string, nowMs: number): boolean {
    const print = fingerprint(id);
    if (nowMs > this.#beforeUntilMs) this.#before = undefined;
    const isRepeat = this.#before?.delete(print) === true;
    if (nowMs - (this.#times[this.#next] as number) <= this.#keepMs && this.#ids.length < this.#capacity) this.#grow();
    this.#ids[this.#next] = print;
    this.#times[this.#next] = nowMs;
    // Not by remainder: of numbers that may be fractions it costs more than all the rest here.
    this.#next = this.#next + 1 === this.#ids.length ? 0 : this.#next + 1;
    return isRepeat;
  }

  /** The fingerprints of the last `withinMs`, oldest first. */
  fingerprints(withinMs: number, nowMs: number): number[] {
    const found: number[] = [];
    const { length } = this.#ids;
    for (let i = 0; i < length; i += 1) {
      const at = (this.#next + i) % length;
      if (nowMs - (this.#times[at] as number) <= withinMs) found.push(this.#ids[at] as number);
    }
    return found;
  }

  /** Takes over the fingerprints of an earlier run; they count for `forMs`. */
  restore(fingerprints: readonly number[], forMs: number, nowMs: number): void {
    this.#before = fingerprints.length === 0 ? undefined : new Set(fingerprints);
    this.#beforeUntilMs = nowMs + forMs;
  }

  #grow(): void {
    const [ids, times, next] = [this.#ids, this.#times, this.#next];
    const room = Math.min(ids.length * 2, this.#capacity);
    this.#ids = new Float64Array(room);
    this.#times = new Float64Array(room).fill(Number.NEGATIVE_INFINITY);
    // The oldest one stands where the next would come.
    for (const [from, to] of [
      [ids, this.#ids],
      [times, this.#times],
    ] as const) {
      to.set(from.subarray(next));
      to.set(from.subarray(0, next), from.length - next);
    }
    this.#next = ids.length;
  }
}
