import { kindOf } from '../../lib/record-keys.ts';
import type { RuleSet } from '../../lib/rules/rule.ts';
import { type AlertSeverity, SEVERITIES } from './judge/judge.ts';
import {
  isEndOnWrongSide,
  LIMIT_OPERATORS,
  type LimitOperator,
  type LimitRule,
  type StateRule,
} from './judge/reading.ts';
import { PropertyReader } from './properties.ts';
import type { Counts } from './running-total.ts';
import type { SilenceWindow } from './silence-schedule.ts';

const ALERT_KINDS = ['state', 'limit', 'count', 'match', 'absence'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

interface Lasting {
  /** It must be bad for so long, and over so many samples. */
  readonly forMs: number;
  readonly forSamples: number;
}

/** When it rings, by kind. Times are in ms. */
export type KindSettings =
  | ({ readonly kind: 'state' } & StateRule & Lasting)
  | ({ readonly kind: 'limit' } & LimitRule & Lasting)
  | {
      readonly kind: 'count';
      readonly counts: Counts;
      readonly field: string;
      readonly threshold: number;
      readonly windowMs: number;
      readonly endMs: number;
    }
  | {
      readonly kind: 'match';
      readonly ends: 'record' | 'after' | 'event';
      readonly endRules: RuleSet;
      readonly endMs: number;
    }
  | {
      readonly kind: 'absence';
      readonly silentMs: number;
      readonly expected: readonly string[];
      readonly forgetMs: number;
      /** When time counts; undefined: always. */
      readonly active: SilenceWindow | undefined;
    };

export interface AlertSettings {
  readonly name: string;
  /** Status and Catch msgs are read as records. */
  readonly readsNodes: boolean;
  readonly only: RuleSet;
  readonly each: readonly string[];
  readonly orNone: boolean;
  readonly rings: KindSettings;
  readonly heldBy: string;
  readonly severity: AlertSeverity;
  /** Blank: a sentence of the kind. */
  readonly text: string;
  readonly remindMs: number;
  readonly floodMessages: number;
  readonly floodMs: number;
  readonly silences: readonly SilenceWindow[];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MOST_EACH = 8;
const MOST_WINDOWS = 50;
const MOST_EXPECTED = 1_000;

/**
 * The saved properties as a rule. Absent ones are as in a new node. Throws `ALERT_…` with the name of the first property that is
 * wrong, and `RULE_…` with the row. `zone` is that of the host, for windows that name none.
 */
export function readSettings(config: object, zone: string): AlertSettings {
  const read = new PropertyReader(config);
  const kind = read.choice('kind', ALERT_KINDS);
  const name = read.text('name');
  const heldBy = read.text('heldBy');
  if (heldBy !== '' && heldBy === name) read.refuse('ALERT_HELD_BY_ITSELF', 'heldBy');
  return {
    name,
    readsNodes: read.text('preset') === 'node',
    only: read.rules('only'),
    each: read.words('each', MOST_EACH),
    orNone: read.value('orNone') === true,
    rings: ringsOf(kind, read, zone),
    heldBy,
    severity: read.choice('severity', SEVERITIES),
    text: read.text('text'),
    remindMs: read.number('remindMinutes', { least: 1, most: 100_000, orZero: true }) * MINUTE,
    floodMessages: read.number('floodMessages', { least: 0, most: 1_000, isWhole: true }),
    floodMs: read.number('floodMinutes', { least: 1, most: 1_440 }) * MINUTE,
    silences: read
      .list('silences', MOST_WINDOWS)
      .map((window, index) => read.window(window, 'silences', index + 1, zone)),
  };
}

function ringsOf(kind: AlertKind, read: PropertyReader, zone: string): KindSettings {
  switch (kind) {
    case 'state':
      return stateOf(read);
    case 'limit':
      return limitOf(read);
    case 'count':
      return countOf(read);
    case 'match': {
      const ends = read.choice('ends', ['record', 'after', 'event'] as const);
      const endRules = ends === 'record' ? read.rules('endRules') : { mode: 'all' as const, rules: [] };
      if (ends === 'record' && endRules.rules.length === 0) read.refuse('ALERT_NO_END_RULES', 'endRules');
      return { kind, ends, endRules, endMs: ends === 'after' ? read.ms('endSeconds', 1) : 0 };
    }
    default:
      return absenceOf(read, zone);
  }
}

function lastingOf(read: PropertyReader): Lasting {
  return {
    forMs: read.ms('forSeconds', 0),
    forSamples: read.number('forSamples', { least: 0, most: 10_000, isWhole: true }),
  };
}

function stateOf(read: PropertyReader): KindSettings {
  const [bad, good, critical] = [read.listText('bad'), read.listText('good'), read.listText('critical')];
  if (bad.length + critical.length === 0) read.refuse('ALERT_NO_VALUE', 'bad');
  const both = [...bad, ...critical].find((value) => good.includes(value));
  if (both !== undefined) read.refuse('ALERT_BAD_AND_GOOD', 'good', { value: both });
  return { kind: 'state', field: read.field('field'), bad, good, critical, ...lastingOf(read) };
}

function limitOf(read: PropertyReader): KindSettings {
  const operator: LimitOperator = read.choice('startOperator', LIMIT_OPERATORS);
  const limit = read.figure('limit');
  if (limit === undefined) return read.refuse('ALERT_NO_VALUE', 'limit');
  const [end, critical] = [read.figure('end'), read.figure('critical')];
  const rule = { field: read.field('field'), operator, limit, end, critical };
  if (isEndOnWrongSide(rule, kindOf(rule.field) === 'integer'))
    read.refuse('ALERT_END_WRONG_SIDE', 'end', { value: String(end), limit });
  // A second limit on the near side would make every alert critical.
  if (critical !== undefined && isEndOnWrongSide({ ...rule, limit: critical, end: limit }))
    read.refuse('ALERT_CRITICAL_WRONG_SIDE', 'critical', { value: critical, limit });
  return { kind: 'limit', ...rule, ...lastingOf(read) };
}

function countOf(read: PropertyReader): KindSettings {
  const counts: Counts = read.choice('counts', ['records', 'sum', 'distinct'] as const);
  const range = {
    records: { least: 1, most: 1_000_000, isWhole: true },
    sum: { least: Number.MIN_VALUE, most: Number.MAX_VALUE },
    // Every value of a window is kept as it is.
    distinct: { least: 1, most: 1_000, isWhole: true },
  }[counts];
  return {
    kind: 'count',
    counts,
    field: counts === 'records' ? '' : read.field('countField'),
    threshold: read.number('threshold', range),
    windowMs: read.ms('windowSeconds', 1),
    endMs: read.ms('endSeconds', 0),
  };
}

function absenceOf(read: PropertyReader, zone: string): KindSettings {
  const [from, to] = [read.text('activeFrom'), read.text('activeTo')];
  const days = read.value('activeDays');
  const isAlways = from === '' && to === '' && (!Array.isArray(days) || days.length === 0);
  const window = { days, from: from || '00:00', to: to || '24:00', zone: '' };
  const expected = read.listText('expected');
  if (expected.length > MOST_EXPECTED) read.refuse('ALERT_TOO_MANY', 'expected', { most: MOST_EXPECTED });
  return {
    kind: 'absence',
    silentMs: read.ms('silentSeconds', 1),
    expected,
    forgetMs: read.number('forgetHours', { least: 0, most: 8_784 }) * HOUR,
    active: isAlways ? undefined : read.window(window, 'activeFrom', 1, zone),
  };
}
