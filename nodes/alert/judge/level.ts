import { asText, type Fields, fieldOf, isPresent } from '../../../lib/rules/compile.ts';
import { numberFrom } from '../../../lib/rules/number-text.ts';
import {
  type AlertSeverity,
  type Ignored,
  type Judge,
  type JudgeStart,
  membersOf,
  pastTime,
  type Sample,
  type Verdict,
} from './judge.ts';

/** What one record says by itself. */
export type Reading =
  | { readonly isBad: boolean; readonly value: number | undefined; readonly severity?: AlertSeverity }
  | 'between'
  | Ignored;

export type Reader = (record: Fields) => Reading;

export interface StateRule {
  readonly field: string;
  readonly bad: readonly string[];
  readonly good: readonly string[];
  /** Those of the bad values that are critical. */
  readonly critical: readonly string[];
}

/** Reads the state that a record names. A value that is in no list says nothing. */
export function stateReader({ field, bad, good, critical }: StateRule): Reader {
  const states = new Map<string, Reading>();
  for (const value of good) states.set(value, { isBad: false, value: undefined });
  for (const value of bad) states.set(value, { isBad: true, value: undefined });
  for (const value of critical) states.set(value, { isBad: true, value: undefined, severity: 'critical' });
  return (record) => {
    const value = fieldOf(record, field);
    return isPresent(value) ? (states.get(asText(value)) ?? 'unlisted') : 'no-field';
  };
}

export const LIMIT_OPERATORS = ['above', 'at-least', 'below', 'at-most'] as const;
export type LimitOperator = (typeof LIMIT_OPERATORS)[number];

export interface LimitRule {
  readonly field: string;
  readonly operator: LimitOperator;
  readonly limit: number;
  /** Where it ends: on the other side of this value, which itself does not end it. The limit where undefined. */
  readonly end: number | undefined;
  readonly critical: number | undefined;
}

const PASSES: { readonly [operator in LimitOperator]: (value: number, limit: number) => boolean } = {
  above: (value, limit) => value > limit,
  'at-least': (value, limit) => value >= limit,
  below: (value, limit) => value < limit,
  'at-most': (value, limit) => value <= limit,
};

/**
 * Whether a value that starts an alert could end it as well: then the end is on the wrong side of the limit. `isWhole`: the
 * field has whole numbers only, and "above 0, ends below 1" is sound.
 */
export function isEndOnWrongSide({ operator, limit, end }: LimitRule, isWhole = false): boolean {
  if (end === undefined || end === limit) return false;
  if (!isWhole) return isUpward(operator) ? end > limit : end < limit;
  const first = isUpward(operator) ? Math.ceil(limit) : Math.floor(limit);
  const isPassed = PASSES[operator](first, limit);
  return isUpward(operator) ? (isPassed ? first : first + 1) < end : (isPassed ? first : first - 1) > end;
}

/** Whether it is the great values that are bad. */
export function isUpward(operator: LimitOperator): boolean {
  return operator === 'above' || operator === 'at-least';
}

/** Compares a number with a limit. Between the limit and the end it says nothing. */
export function limitReader(rule: LimitRule): Reader {
  const { field, operator, limit, end, critical } = rule;
  const passes = PASSES[operator];
  const isUp = isUpward(operator);
  const ends = (value: number): boolean => {
    if (end === undefined || end === limit) return !passes(value, limit);
    return isUp ? value < end : value > end;
  };
  return (record) => {
    const found = fieldOf(record, field);
    const value = numberFrom(found);
    if (value === undefined) return isPresent(found) ? 'not-a-number' : 'no-field';
    if (passes(value, limit)) {
      const isCritical = critical !== undefined && passes(value, critical);
      return { isBad: true, value, ...(isCritical && { severity: 'critical' as const }) };
    }
    return ends(value) ? { isBad: false, value } : 'between';
  };
}

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
