import { fingerprint } from '../../lib/fingerprint.ts';
import { NumberSet } from './number-set.ts';

/** So many ids are known at least: what a source reads again after a crash was read in the last moments before it. */
const MOST_IDS = 4_096;

/** The ids of the records that were judged last: what is read a second time counts once. */
export class RepeatedIds {
  // Not a Set: one whose members come and go is made anew all the time. Nothing is taken out of these either: the one with
  // the newer ids becomes the one with the older ones when it is full.
  #newer = new NumberSet();
  #older = new NumberSet();
  /** The same in the order in which they came, from `#next` on. */
  readonly #order: number[];
  #next = 0;

  constructor(saved: readonly number[] = []) {
    this.#order = [...new Set(saved.slice(-MOST_IDS))];
    for (const print of this.#order) this.#newer.add(print);
  }

  /** The fingerprints of the ids, oldest first. */
  get saved(): readonly number[] {
    return [...this.#order.slice(this.#next), ...this.#order.slice(0, this.#next)];
  }

  /** Whether a record with this `event_id` was judged before. What is no text is no id. */
  isRepeat(id: unknown): boolean {
    if (typeof id !== 'string' || id === '') return false;
    const print = fingerprint(id);
    if (this.#newer.has(print) || this.#older.has(print)) return true;
    if (this.#newer.size >= MOST_IDS) {
      this.#older.clear();
      [this.#newer, this.#older] = [this.#older, this.#newer];
    }
    this.#newer.add(print);
    if (this.#order.length < MOST_IDS) {
      this.#order.push(print);
      return false;
    }
    this.#order[this.#next] = print;
    this.#next = (this.#next + 1) % MOST_IDS;
    return false;
  }
}
