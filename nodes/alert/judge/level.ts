import { asText, type Fields, fieldOf, isPresent } from '../../../lib/rules/compile.ts';
import { numberFrom } from '../../../lib/rules/number-text.ts';
import type { AlertSeverity, Ignored, Judge, Sample, Verdict } from './judge.ts';

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
    return isPresent(value) ? (states.get(asText(value)) ?? 'unlisted') : 'unlisted';
  };
}

export type LimitOperator = 'above' | 'at-least' | 'below' | 'at-most';

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

/** Whether a value that starts an alert could end it as well: then the end is on the wrong side of the limit. */
export function isEndOnWrongSide({ operator, limit, end }: LimitRule): boolean {
  if (end === undefined) return false;
  return operator === 'above' || operator === 'at-least' ? end > limit : end < limit;
}

/** Compares a number with a limit. Between the limit and the end it says nothing. */
export function limitReader(rule: LimitRule): Reader {
  const { field, operator, limit, end, critical } = rule;
  const passes = PASSES[operator];
  const isUp = operator === 'above' || operator === 'at-least';
  const ends = (value: number): boolean => {
    if (end === undefined || end === limit) return !passes(value, limit);
    return isUp ? value < end : value > end;
  };
  return (record) => {
    const value = numberFrom(fieldOf(record, field));
    if (value === undefined) return 'not-a-number';
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
}

interface Pending {
  sinceMs: number;
  samples: number;
}

export interface SavedLevel {
  readonly newestMs: number;
  readonly pending?: Pending | undefined;
}

/** A backlog's newest sample counts when nothing younger came for so long. */
const HOLD_MS = 60_000;

/** Judges what a record says of the present: a state, or a value against a limit. */
export class LevelJudge implements Judge {
  readonly #options: LevelOptions;
  #newestMs: number;
  #pending: Pending | undefined;
  /** The newest of a backlog: what it says is old, and a younger record may follow at once. */
  #held: Sample | undefined;

  constructor(options: LevelOptions, saved?: SavedLevel) {
    this.#options = options;
    this.#newestMs = saved?.newestMs ?? Number.NEGATIVE_INFINITY;
    this.#pending = saved?.pending === undefined ? undefined : { ...saved.pending };
  }

  get isIdle(): boolean {
    return this.#pending === undefined && this.#held === undefined;
  }

  get saved(): SavedLevel {
    return { newestMs: this.#newestMs, pending: this.#pending };
  }

  take(sample: Sample): Verdict | Ignored {
    if (sample.timeMs < Math.max(this.#newestMs, this.#held?.timeMs ?? this.#newestMs)) return 'late';
    if (sample.isBacklog) {
      this.#held = sample;
      return undefined;
    }
    this.#held = undefined;
    return this.#judge(sample);
  }

  tick(nowMs: number): Verdict {
    const held = this.#held;
    if (held === undefined || nowMs - held.arrivalMs < HOLD_MS) return undefined;
    this.#held = undefined;
    const verdict = this.#judge(held);
    return typeof verdict === 'string' ? undefined : verdict;
  }

  skip(ms: number): void {
    if (this.#pending !== undefined) this.#pending.sinceMs += ms;
  }

  #judge({ record, timeMs }: Sample): Verdict | Ignored {
    this.#newestMs = timeMs;
    const reading = this.#options.read(record);
    if (reading === 'between') return undefined;
    if (typeof reading === 'string') return reading;
    const { value, severity } = reading;
    if (!reading.isBad) {
      this.#pending = undefined;
      return { isBad: false, atMs: timeMs, value };
    }
    const pending = this.#pending ?? { sinceMs: timeMs, samples: 0 };
    pending.samples += 1;
    this.#pending = pending;
    return this.#isLongEnough(pending, timeMs) ? { isBad: true, sinceMs: pending.sinceMs, value, severity } : undefined;
  }

  /** One sample spans no time, however long the next one takes to come. */
  #isLongEnough({ sinceMs, samples }: Pending, timeMs: number): boolean {
    const { forMs, forSamples } = this.#options;
    return samples >= Math.max(forSamples, forMs > 0 ? 2 : 1) && timeMs - sinceMs >= forMs;
  }
}
