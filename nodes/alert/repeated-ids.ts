import { fingerprint } from '../../lib/fingerprint.ts';
import { NumberTable } from '../../lib/number-table.ts';

/** So many ids are known: what a source reads again after a crash was read in the last moments before it. */
const MOST_IDS = 4_096;

/** The ids of the records that were judged last: what is read a second time counts once. */
export class RepeatedIds {
  // Not a set: one whose members come and go is made anew all the time.
  readonly #known = new NumberTable<true>();
  /** The same in the order in which they came, from `#next` on. */
  readonly #order: number[];
  #next = 0;

  constructor(saved: readonly number[] = []) {
    this.#order = [...new Set(saved.slice(-MOST_IDS))];
    for (const print of this.#order) this.#known.set(print, true);
  }

  /** The fingerprints of the ids, oldest first. */
  get saved(): readonly number[] {
    return [...this.#order.slice(this.#next), ...this.#order.slice(0, this.#next)];
  }

  /** Whether a record with this `event_id` was judged before. What is no text is no id. */
  isRepeat(id: unknown): boolean {
    if (typeof id !== 'string' || id === '') return false;
    const print = fingerprint(id);
    if (this.#known.get(print) === true) return true;
    this.#known.set(print, true);
    if (this.#order.length < MOST_IDS) {
      this.#order.push(print);
      return false;
    }
    this.#known.delete(this.#order[this.#next] as number);
    this.#order[this.#next] = print;
    this.#next = (this.#next + 1) % MOST_IDS;
    return false;
  }
}
