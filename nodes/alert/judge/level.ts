import type { Fields } from '../../../lib/rules/compile.ts';
import { type Ignored, type Judge, type JudgeStart, membersOf, pastTime, type Sample, type Verdict } from './judge.ts';
import type { Reader } from './reading.ts';

export interface LevelOptions {
  readonly read: Reader;
  /** It must be bad for so long, and over so many samples. */
  readonly forMs: number;
  readonly forSamples: number;
  /** What is said once holds until something else is said, as a status does: time alone confirms it. */
  readonly isLasting?: boolean;
}

interface Pending {
  sinceMs: number;
  samples: number;
  /** What said so last, where time alone may confirm it. */
  cause?: Sample;
}

export interface SavedLevel {
  readonly newestMs?: number | undefined;
  readonly pending?: Pending | undefined;
  /** A record that waits for a younger one. */
  readonly held?: Sample | undefined;
}

/** A backlog's newest sample counts when nothing younger came for so long. */
const HOLD_MS = 60_000;

/** Judges what a record says of the present: a state, or a value against a limit. */
export class LevelJudge implements Judge {
  readonly #options: LevelOptions;
  /** When the youngest sample happened. */
  #newestMs = Number.NEGATIVE_INFINITY;
  #pending: Pending | undefined;
  /** The newest of a backlog: what it says is old, and a younger record may follow at once. */
  #held: Sample | undefined;
  #value: number | undefined;
  #isChanged: boolean;
  #isUnmoved = false;

  constructor(options: LevelOptions, { nowMs, saved, isChanged = false }: JudgeStart) {
    this.#options = options;
    const { newestMs, pending, held } = membersOf(saved);
    this.#newestMs = pastTime(newestMs, nowMs) ?? Number.NEGATIVE_INFINITY;
    this.#pending = pendingOf(pending, nowMs);
    this.#held = heldOf(held, nowMs);
    this.#isChanged = isChanged;
  }

  isIdle(): boolean {
    return this.#pending === undefined && this.#held === undefined;
  }

  valueAt(): number | undefined {
    return this.#value;
  }

  get mostValue(): number | undefined {
    return this.#value;
  }

  get pending(): Judge['pending'] {
    return this.#pending;
  }

  get saved(): SavedLevel {
    const newestMs = Number.isFinite(this.#newestMs) ? this.#newestMs : undefined;
    return { newestMs, pending: this.#pending && { ...this.#pending }, held: this.#held };
  }

  get isUnmoved(): boolean {
    return this.#isUnmoved;
  }

  take(sample: Sample, isFiring: boolean): Verdict | Ignored {
    const wasCalm = this.isIdle() && Number.isFinite(this.#newestMs);
    const verdict = this.#take(sample, isFiring);
    this.#isUnmoved = verdict === 'late' || (wasCalm && this.isIdle());
    return verdict;
  }

  #take(sample: Sample, isFiring: boolean): Verdict | Ignored {
    if (sample.timeMs < Math.max(this.#newestMs, this.#held?.timeMs ?? this.#newestMs)) return 'late';
    if (sample.isBacklog) {
      this.#held = sample;
      return undefined;
    }
    this.#held = undefined;
    return this.#judge(sample, isFiring);
  }

  tick(nowMs: number, isFiring: boolean): Verdict {
    const held = this.#held;
    if (held === undefined) return this.#confirm(nowMs, isFiring);
    if (nowMs - held.arrivalMs < HOLD_MS) return undefined;
    this.#held = undefined;
    const verdict = this.#judge(held, isFiring);
    if (typeof verdict === 'string' || verdict === undefined) return undefined;
    return verdict.isBad ? { ...verdict, cause: held } : verdict;
  }

  skip(ms: number, nowMs: number): void {
    if (this.#pending !== undefined) this.#pending.sinceMs = Math.min(this.#pending.sinceMs + ms, nowMs);
  }

  shift(ms: number, nowMs: number): void {
    this.skip(ms, nowMs);
    // What is later than now would make every record of the new clock an old one.
    this.#newestMs = Math.min(this.#newestMs, nowMs);
    if (this.#held !== undefined)
      this.#held = { ...this.#held, timeMs: Math.min(this.#held.timeMs, nowMs), arrivalMs: this.#held.arrivalMs + ms };
  }

  #confirm(nowMs: number, isFiring: boolean): Verdict {
    const pending = this.#pending;
    if (isFiring || pending?.cause === undefined || !this.#isLongEnough(pending, nowMs)) return undefined;
    return { isBad: true, sinceMs: pending.sinceMs, cause: pending.cause };
  }

  #judge(sample: Sample, isFiring: boolean): Verdict | Ignored {
    const { record, timeMs } = sample;
    this.#newestMs = timeMs;
    const reading = this.#options.read(record);
    if (typeof reading === 'string' && reading !== 'between') return reading;
    const isEndedByChange = this.#isChanged && isFiring;
    if (reading === 'between') {
      if (!isEndedByChange) return undefined;
      this.#pending = undefined;
      return { isBad: false, atMs: timeMs, reason: 'rule-changed' };
    }
    const { value, severity } = reading;
    this.#value = value;
    this.#isChanged = false;
    if (!reading.isBad) {
      this.#pending = undefined;
      return { isBad: false, atMs: timeMs, value, ...(isEndedByChange && { reason: 'rule-changed' as const }) };
    }
    const pending: Pending = this.#pending ?? { sinceMs: timeMs, samples: 0 };
    pending.samples += 1;
    if (this.#options.isLasting === true) pending.cause = sample;
    this.#pending = pending;
    const isBad = isFiring || this.#isLongEnough(pending, timeMs);
    return isBad ? { isBad, sinceMs: pending.sinceMs, value, severity } : undefined;
  }

  /** One sample spans no time, however long the next one takes to come. */
  #isLongEnough({ sinceMs, samples }: Pending, timeMs: number): boolean {
    const { forMs, forSamples, isLasting } = this.#options;
    const least = forMs > 0 && isLasting !== true ? 2 : 1;
    return samples >= Math.max(forSamples, least) && timeMs - sinceMs >= forMs;
  }
}

function pendingOf(saved: unknown, nowMs: number): Pending | undefined {
  const { sinceMs, samples, cause } = membersOf(saved);
  const since = pastTime(sinceMs, nowMs);
  if (since === undefined || !Number.isSafeInteger(samples)) return undefined;
  const by = sampleOf(cause, nowMs);
  return { sinceMs: since, samples: Number(samples), ...(by !== undefined && { cause: by }) };
}

function heldOf(saved: unknown, nowMs: number): Sample | undefined {
  const held = sampleOf(saved, nowMs);
  return held && { ...held, isBacklog: true };
}

function sampleOf(saved: unknown, nowMs: number): Sample | undefined {
  const { record, timeMs, arrivalMs } = membersOf(saved);
  const [time, arrival] = [pastTime(timeMs, nowMs), pastTime(arrivalMs, nowMs)];
  if (typeof record !== 'object' || record === null || time === undefined || arrival === undefined) return undefined;
  return { record: record as Fields, timeMs: time, arrivalMs: arrival, isBacklog: false };
}
