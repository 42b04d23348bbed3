import type { Fields } from '../../../lib/rules/compile.ts';
import type { Ignored, Judge, Sample, Verdict } from './judge.ts';

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
  readonly newestMs: number;
  readonly lastMs?: number | undefined;
  readonly seen?: string | undefined;
}

const BACKLOG_QUIET_MS = 60_000;

/** Judges single records: one starts the alert, and another one, or time, ends it. */
export class MatchJudge implements Judge {
  readonly #options: MatchOptions;
  #newestMs: number;
  /** When the last one that fits happened, or came where it came late. */
  #lastMs: number | undefined;
  #seen: string | undefined;

  constructor(options: MatchOptions, saved?: SavedMatch) {
    this.#options = options;
    this.#newestMs = saved?.newestMs ?? Number.NEGATIVE_INFINITY;
    this.#lastMs = saved?.lastMs;
    this.#seen = saved?.seen;
  }

  get isIdle(): boolean {
    return this.#lastMs === undefined;
  }

  get saved(): SavedMatch {
    return { newestMs: this.#newestMs, lastMs: this.#lastMs, seen: this.#seen };
  }

  take({ record, timeMs, arrivalMs, isBacklog }: Sample): Verdict | Ignored {
    const { ends, isEnd, isStart, endMs } = this.#options;
    const { event_id: id } = record;
    if (typeof id === 'string' && id === this.#seen) return 'repeated';
    if (ends === 'record' && timeMs < this.#newestMs) return 'late';
    this.#newestMs = Math.max(this.#newestMs, timeMs);
    if (typeof id === 'string') this.#seen = id;
    if (isStart(record)) {
      // The end of what is old is told a moment after its last record, not between two of them.
      const endsMs = isBacklog ? Math.max(timeMs, arrivalMs + BACKLOG_QUIET_MS - endMs) : timeMs;
      this.#lastMs = Math.max(this.#lastMs ?? endsMs, endsMs);
      return { isBad: true, sinceMs: timeMs, isEvent: ends === 'event' };
    }
    if (ends !== 'record' || !isEnd(record)) return undefined;
    this.#lastMs = undefined;
    return { isBad: false, atMs: timeMs };
  }

  tick(nowMs: number, isFiring: boolean): Verdict {
    const { ends, endMs } = this.#options;
    if (!isFiring || ends !== 'after' || nowMs < (this.#lastMs ?? 0) + endMs) return undefined;
    const atMs = (this.#lastMs ?? 0) + endMs;
    this.#lastMs = undefined;
    return { isBad: false, atMs, reason: 'time' };
  }

  skip(): void {
    // It knows only when something happened.
  }
}
