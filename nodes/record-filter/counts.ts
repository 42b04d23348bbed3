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

/** What was dropped and not told yet, as a state file has it. */
export interface SavedCounts {
  readonly byRules: number;
  readonly byKey: readonly (readonly [key: string | null, count: number])[];
}

/** What passed and what was dropped: since the start, and in the window that is told next. */
export class Counts {
  passed = 0;
  dropped = 0;
  #byRules = 0;
  readonly #byKey = new Map<string | undefined, number>();

  /** `saved` is what an earlier run did not tell. */
  constructor(saved?: SavedCounts) {
    this.#byRules = saved?.byRules ?? 0;
    for (const [key, count] of saved?.byKey ?? []) this.#byKey.set(key ?? undefined, count);
  }

  /** What is not told yet; undefined where all is. */
  get untold(): SavedCounts | undefined {
    if (this.#byRules === 0 && this.#byKey.size === 0) return undefined;
    return { byRules: this.#byRules, byKey: [...this.#byKey].map(([key, count]) => [key ?? null, count] as const) };
  }

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

/** The counts in a state file; undefined for anything else. */
export function parseCounts(value: unknown): SavedCounts | undefined {
  const { byRules, byKey } = (typeof value === 'object' && value !== null ? value : {}) as { [name: string]: unknown };
  if (!isCount(byRules) || !Array.isArray(byKey)) return undefined;
  const keys = byKey.slice(0, MOST_COUNTED).flatMap((pair: unknown) => {
    const [key, count] = (Array.isArray(pair) ? pair : []) as unknown[];
    return isCount(count) && (key === null || typeof key === 'string') ? [[key, count] as const] : [];
  });
  return { byRules, byKey: keys };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
