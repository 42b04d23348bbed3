import { asText, type Fields, fieldOf, isPresent } from '../../../lib/rules/compile.ts';
import { numberFrom } from '../../../lib/rules/number-text.ts';
import { bounded } from '../key.ts';
import type { Counts } from '../running-total.ts';
import { parseWindow, type WindowSnapshot } from '../saved-window.ts';
import { SlidingWindow } from '../sliding-window.ts';
import { type Ignored, type Judge, type JudgeStart, membersOf, pastTime, type Sample, type Verdict } from './judge.ts';

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
  readonly window: WindowSnapshot;
  readonly backlogMs?: number | undefined;
}

/** How late a record may come and still be counted when it happened. */
const ALLOWANCE_MS = 600_000;
/** A backlog is one story: its end is not told before it has been quiet for so long. */
const BACKLOG_QUIET_MS = 60_000;

/** Judges how much happens within a time. */
export class CountJudge implements Judge {
  readonly #options: CountOptions;
  readonly #window: SlidingWindow;
  #backlogMs: number | undefined;
  #isChanged: boolean;
  #isUnmoved = false;

  constructor(options: CountOptions, { nowMs, saved, isChanged = false }: JudgeStart) {
    const { window, backlogMs } = membersOf(saved);
    this.#options = options;
    this.#window = new SlidingWindow({ ...options, allowanceMs: ALLOWANCE_MS }, parseWindow(window, nowMs));
    this.#backlogMs = pastTime(backlogMs, nowMs);
    this.#isChanged = isChanged;
  }

  isIdle(nowMs: number): boolean {
    return this.#window.isEmptyAfter(nowMs - this.#options.windowMs - ALLOWANCE_MS);
  }

  valueAt(nowMs: number): number {
    return this.#window.totalAt(nowMs);
  }

  get mostValue(): number {
    return this.#window.newestTotal;
  }

  get saved(): SavedCount {
    return { window: this.#window.saved, backlogMs: this.#backlogMs };
  }

  get isUnmoved(): boolean {
    return this.#isUnmoved;
  }

  take({ record, timeMs, arrivalMs, isBacklog }: Sample): Verdict | Ignored {
    const amount = this.#amountOf(record);
    this.#isUnmoved = typeof amount !== 'number';
    if (amount === undefined) return undefined;
    if (typeof amount === 'string') return amount;
    const value = this.#options.counts === 'distinct' ? bounded(asText(fieldOf(record, this.#options.field))) : '';
    const result = this.#window.add({ timeMs, amount, value });
    if (result.isLate) return 'late';
    if (isBacklog) this.#backlogMs = arrivalMs;
    if (result.reached === undefined) return undefined;
    this.#isChanged = false;
    return { isBad: true, sinceMs: timeMs, value: result.reached };
  }

  tick(nowMs: number, isFiring: boolean): Verdict {
    if (!isFiring) return undefined;
    if (this.#backlogMs !== undefined && nowMs - this.#backlogMs < BACKLOG_QUIET_MS) return undefined;
    if (this.#window.isSurelyOverAt(nowMs - this.#options.endMs)) return undefined;
    const untilMs = this.#window.overUntilMs;
    if (this.#isChanged && untilMs === undefined) return { isBad: false, atMs: nowMs, reason: 'rule-changed' };
    const atMs = (untilMs ?? Number.NEGATIVE_INFINITY) + this.#options.endMs;
    return nowMs >= atMs ? { isBad: false, atMs: Math.max(atMs, 0), reason: 'time' } : undefined;
  }

  skip(): void {
    // The window holds the times at which something happened: they stay true.
  }

  shift(ms: number, nowMs: number): void {
    this.#window.shift(ms, nowMs);
    if (this.#backlogMs !== undefined) this.#backlogMs = Math.min(this.#backlogMs + ms, nowMs);
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
