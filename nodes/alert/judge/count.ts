import { asText, type Fields, fieldOf, isPresent } from '../../../lib/rules/compile.ts';
import { numberFrom } from '../../../lib/rules/number-text.ts';
import { type Counts, type SavedWindow, SlidingWindow } from '../sliding-window.ts';
import type { Ignored, Judge, Sample, Verdict } from './judge.ts';

export interface CountOptions {
  readonly counts: Counts;
  /** The field that is summed, or whose values are counted. */
  readonly field: string;
  readonly threshold: number;
  readonly windowMs: number;
  /** It ends when it was below the threshold for so long. */
  readonly endMs: number;
}

export interface SavedCount {
  readonly window: SavedWindow;
  readonly ids: readonly string[];
  readonly backlogMs?: number | undefined;
}

/** How late a record may come and still be counted when it happened. */
const ALLOWANCE_MS = 600_000;
/** A backlog is one story: its end is not told before it has been quiet for so long. */
const BACKLOG_QUIET_MS = 60_000;
/** After a crash a source reads the last seconds again; so many ids are known. */
const MOST_IDS = 512;

/** Judges how much happens within a time. */
export class CountJudge implements Judge {
  readonly #options: CountOptions;
  readonly #window: SlidingWindow;
  /** The ids of what was counted, oldest first: what is read a second time counts once. */
  readonly #ids: Set<string>;
  #backlogMs: number | undefined;

  constructor(options: CountOptions, saved?: SavedCount) {
    this.#options = options;
    this.#window = new SlidingWindow({ ...options, allowanceMs: ALLOWANCE_MS }, saved?.window);
    this.#ids = new Set(saved?.ids);
    this.#backlogMs = saved?.backlogMs;
  }

  get isIdle(): boolean {
    return this.#window.isEmpty;
  }

  get saved(): SavedCount {
    return { window: this.#window.saved, ids: [...this.#ids], backlogMs: this.#backlogMs };
  }

  take({ record, timeMs, arrivalMs, isBacklog }: Sample): Verdict | Ignored {
    if (this.#isRepeat(record)) return 'repeated';
    const amount = this.#amountOf(record);
    if (amount === undefined) return undefined;
    if (typeof amount === 'string') return amount;
    const value = this.#options.counts === 'distinct' ? asText(fieldOf(record, this.#options.field)) : '';
    const result = this.#window.add({ timeMs, amount, value });
    if (result.isLate) return 'late';
    if (isBacklog) this.#backlogMs = arrivalMs;
    return result.reached === undefined ? undefined : { isBad: true, sinceMs: timeMs, value: result.reached };
  }

  tick(nowMs: number, isFiring: boolean): Verdict {
    if (!isFiring) return undefined;
    if (this.#backlogMs !== undefined && nowMs - this.#backlogMs < BACKLOG_QUIET_MS) return undefined;
    const atMs = (this.#window.overUntilMs ?? Number.NEGATIVE_INFINITY) + this.#options.endMs;
    return nowMs >= atMs ? { isBad: false, atMs: Math.max(atMs, 0), reason: 'time' } : undefined;
  }

  skip(): void {
    // The window holds the times at which something happened: they stay true.
  }

  #isRepeat({ event_id: id }: Fields): boolean {
    if (typeof id !== 'string') return false;
    if (this.#ids.has(id)) return true;
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size > MOST_IDS && oldest !== undefined) this.#ids.delete(oldest);
    return false;
  }

  /** What a record adds; undefined where it has nothing to add. */
  #amountOf(record: Fields): number | Ignored | undefined {
    const { counts, field } = this.#options;
    if (counts === 'records') return 1;
    const value = fieldOf(record, field);
    if (!isPresent(value)) return undefined;
    if (counts === 'distinct') return 1;
    const number = numberFrom(value);
    if (number === undefined) return 'not-a-number';
    return number < 0 ? 'negative' : number;
  }
}
