import { OTHERS } from './rate-limit.ts';

/** So many keys are told by name in one window; the rest is told together. */
const MOST_TOLD = 20;
const MOST_COUNTED = 10_000;

export interface Dropped {
  /** The value of the field for which there was a limit; undefined where there is none such. */
  readonly key: string | undefined;
  readonly reason: 'rules' | 'limit';
  readonly count: number;
}

/** What passed and what was dropped: since the start, and in the window that is told next. */
export class Counts {
  passed = 0;
  dropped = 0;
  #byRules = 0;
  readonly #byKey = new Map<string | undefined, number>();

  drop(reason: 'rules' | 'limit', key: string | undefined): void {
    this.dropped += 1;
    if (reason === 'rules') {
      this.#byRules += 1;
      return;
    }
    const name = this.#byKey.has(key) || this.#byKey.size < MOST_COUNTED ? key : OTHERS;
    this.#byKey.set(name, (this.#byKey.get(name) ?? 0) + 1);
  }

  /** What was dropped since this was last asked, the most first. The counts add up to all of it. */
  takeDropped(): Dropped[] {
    const keys = [...this.#byKey].map(([key, count]) => ({ key, count, reason: 'limit' as const }));
    keys.sort((a, b) => b.count - a.count);
    const rest = keys.slice(MOST_TOLD).reduce((sum, { count }) => sum + count, 0);
    const told: Dropped[] = this.#byRules === 0 ? [] : [{ key: undefined, count: this.#byRules, reason: 'rules' }];
    told.push(...keys.slice(0, MOST_TOLD));
    if (rest > 0) told.push({ key: OTHERS, count: rest, reason: 'limit' });
    this.#byRules = 0;
    this.#byKey.clear();
    return told;
  }
}
