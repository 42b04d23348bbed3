import type { Fields } from '../../../lib/rules/compile.ts';
import { type Ignored, type Judge, type JudgeStart, membersOf, pastTime, type Sample, type Verdict } from './judge.ts';

export interface MatchOptions {
  /** How it ends: by a record, when no more comes for a time, or never, being an event. */
  readonly ends: 'record' | 'after' | 'event';
  /** Whether a record is one that ends it. */
  isEnd(record: Fields): boolean;
  /** Whether a record is one that starts it. */
  isStart(record: Fields): boolean;
  readonly endMs: number;
}

export interface SavedMatch {
  readonly newestMs?: number | undefined;
  readonly lastMs?: number | undefined;
}

const BACKLOG_QUIET_MS = 60_000;

/** Judges single records: one starts the alert, and another one, or time, ends it. */
export class MatchJudge implements Judge {
  readonly #options: MatchOptions;
  #newestMs: number;
  /** When the last one that fits happened, or came where it came late. */
  #lastMs: number | undefined;
  #isUnmoved = false;

  constructor(options: MatchOptions, { nowMs, saved }: JudgeStart) {
    this.#options = options;
    const { newestMs, lastMs } = membersOf(saved);
    this.#newestMs = pastTime(newestMs, nowMs) ?? Number.NEGATIVE_INFINITY;
    this.#lastMs = pastTime(lastMs, nowMs);
  }

  isIdle(): boolean {
    return this.#lastMs === undefined;
  }

  valueAt(): undefined {
    return undefined;
  }

  get mostValue(): undefined {
    return undefined;
  }

  get saved(): SavedMatch {
    return { newestMs: Number.isFinite(this.#newestMs) ? this.#newestMs : undefined, lastMs: this.#lastMs };
  }

  get isUnmoved(): boolean {
    return this.#isUnmoved;
  }

  take(sample: Sample): Verdict | Ignored {
    const lastMs = this.#lastMs;
    const wasHeard = Number.isFinite(this.#newestMs);
    const verdict = this.#take(sample);
    this.#isUnmoved = verdict === 'late' || (wasHeard && lastMs === this.#lastMs);
    return verdict;
  }

  #take({ record, timeMs, arrivalMs, isBacklog }: Sample): Verdict | Ignored {
    const { ends, isEnd, isStart, endMs } = this.#options;
    if (ends === 'record' && timeMs < this.#newestMs) return 'late';
    this.#newestMs = Math.max(this.#newestMs, timeMs);
    if (isStart(record)) {
      // The end of what is old is told a moment after its last record, not between two of them.
      const endsMs = isBacklog ? Math.max(timeMs, arrivalMs + BACKLOG_QUIET_MS - endMs) : timeMs;
      if (ends !== 'event') this.#lastMs = Math.max(this.#lastMs ?? endsMs, endsMs);
      return { isBad: true, sinceMs: timeMs, isEvent: ends === 'event' };
    }
    if (ends !== 'record' || !isEnd(record)) return undefined;
    this.#lastMs = undefined;
    return { isBad: false, atMs: timeMs };
  }

  tick(nowMs: number, isFiring: boolean): Verdict {
    const { ends, endMs } = this.#options;
    if (!isFiring || ends === 'record') return undefined;
    // It began when the rule still had an end.
    if (ends === 'event') return { isBad: false, atMs: nowMs, reason: 'rule-changed' };
    const atMs = (this.#lastMs ?? 0) + endMs;
    if (nowMs < atMs) return undefined;
    this.#lastMs = undefined;
    return { isBad: false, atMs, reason: 'time' };
  }

  skip(): void {
    // It knows only when something happened.
  }

  shift(ms: number, nowMs: number): void {
    this.#newestMs = Math.min(this.#newestMs, nowMs);
    if (this.#lastMs !== undefined) this.#lastMs = Math.min(this.#lastMs + ms, nowMs);
  }
}
