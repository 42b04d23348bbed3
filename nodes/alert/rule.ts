import { type CompileOptions, compileRules, type Fields, fieldOf } from '../../lib/rules/compile.ts';
import { isDenial, type RuleSet } from '../../lib/rules/rule.ts';
import type { EngineOptions } from './engine-options.ts';
import type { Firing } from './firing.ts';
import { AbsenceJudge } from './judge/absence.ts';
import { CountJudge } from './judge/count.ts';
import type { Judge, JudgeStart } from './judge/judge.ts';
import { LevelJudge } from './judge/level.ts';
import { MatchJudge } from './judge/match.ts';
import { isUpward, limitReader, type Reader, stateReader } from './judge/reading.ts';
import { type AlertKey, keyFrom, ONLY_KEY } from './key.ts';
import type { AlertSettings, KindSettings } from './settings.ts';
import { SilenceSchedule } from './silence-schedule.ts';

/** What the engine needs of a rule, and by what two versions of it are the same. */
export interface AlertRule {
  readonly engine: Omit<EngineOptions, 'createId'>;
  /** Kind, field, rows and keys: with another identity it is another rule. */
  readonly identity: string;
  /** All else that decides when it rings. */
  readonly limits: string;
}

export interface RuleOptions extends CompileOptions {
  /** Whether sources are held back at this moment, so that silence says nothing. */
  isPaused(): boolean;
}

const MOST_KEYS = 1_000;
/** What this package makes itself: an alert is not about those unless its rows ask for them. */
const OWN_LOG_TYPES = ['alert', 'filter'];

/** Throws `RULE_…` where a row is not sound. */
export function createRule(settings: AlertSettings, options: RuleOptions): AlertRule {
  const { rings, each, orNone, severity } = settings;
  const rows = compileRules(settings.only, options);
  const endRows = rings.kind === 'match' && rings.ends === 'record' ? compileRules(rings.endRules, options) : undefined;
  const isOwn = ownRecords(settings, options);
  const isStart = (record: Fields): boolean => !isOwn(record) && rows.matches(record);
  const isEnd = (record: Fields): boolean => !isOwn(record) && endRows?.matches(record) === true;
  const read = readerOf(rings);
  const expected = expectedKeys(settings);
  return {
    engine: {
      only: { ...rows, matches: isStart },
      alsoJudges: endRows === undefined ? undefined : isEnd,
      isOnceOnly: rings.kind === 'count' || rings.kind === 'match',
      field: fieldRead(rings),
      each,
      orNone,
      severity,
      mostKeys: MOST_KEYS,
      expected,
      isFalling: rings.kind === 'limit' && !isUpward(rings.operator),
      createJudge: judgeFactory(rings, read, {
        ...{ isStart, isEnd, isPaused: options.isPaused, expected, isLasting: settings.readsNodes },
      }),
      ...(read !== undefined && { isStillBad: (firing: Firing) => isStillBad(firing, rings, read) }),
    },
    ...fingerprintsOf(settings),
  };
}

/** Whether a record is one of this package's own that the rule does not ask for. */
function ownRecords({ only, rings }: AlertSettings, options: CompileOptions): (record: Fields) => boolean {
  // An alert that ends by its own record, or counts it, would never come to rest.
  const never = rings.kind === 'absence' || rings.kind === 'count' ? ['alert'] : [];
  const ignored = new Set(
    OWN_LOG_TYPES.filter((logType) => never.includes(logType) || !asksFor(only, logType, options)),
  );
  return (record) => ignored.has(record.log_type as string);
}

function asksFor({ rules }: RuleSet, logType: string, options: CompileOptions): boolean {
  const rows = rules.filter(
    ({ field, operator }) => field === 'log_type' && !isDenial(operator) && operator !== 'is-set',
  );
  return rows.some((row) => compileRules({ mode: 'all', rules: [row] }, options).matches({ log_type: logType }));
}

function readerOf(rings: KindSettings): Reader | undefined {
  if (rings.kind === 'state') return stateReader(rings);
  return rings.kind === 'limit' ? limitReader(rings) : undefined;
}

interface Tests {
  isStart(record: Fields): boolean;
  isEnd(record: Fields): boolean;
  isPaused(): boolean;
  /** A status holds until there is another one. */
  readonly isLasting: boolean;
  readonly expected: readonly AlertKey[];
}

function judgeFactory(rings: KindSettings, read: Reader | undefined, tests: Tests): (start: JudgeStart) => Judge {
  switch (rings.kind) {
    case 'count':
      return (start) => new CountJudge(rings, start);
    case 'match':
      return (start) => new MatchJudge({ ...rings, ...tests }, start);
    case 'absence': {
      const hours = rings.active === undefined ? undefined : new SilenceSchedule([rings.active]);
      const isActive = (atMs: number): boolean => !tests.isPaused() && (hours?.isSilent(atMs) ?? true);
      const expected = new Set(tests.expected.map(({ id }) => id));
      const isExpected = ({ id }: AlertKey): boolean => expected.has(id);
      return (start) => new AbsenceJudge({ ...rings, isActive, isExpected }, start);
    }
    default: {
      const { forMs, forSamples } = rings;
      const { isLasting } = tests;
      return (start) => new LevelJudge({ read: read as Reader, forMs, forSamples, isLasting }, start);
    }
  }
}

/** By the limits of now, what was seen last of an alert. */
function isStillBad({ record, value }: Firing, rings: KindSettings, read: Reader): boolean {
  const field = 'field' in rings ? rings.field : '';
  const reading = read({ ...record, [field]: value ?? fieldOf(record, field) });
  return typeof reading === 'object' && reading.isBad;
}

function fieldRead(rings: KindSettings): string {
  if (rings.kind === 'count') return rings.counts === 'records' ? '' : rings.field;
  return 'field' in rings ? rings.field : '';
}

function expectedKeys({ rings, each }: AlertSettings): AlertKey[] {
  if (rings.kind !== 'absence') return [];
  const keys = rings.expected.map((word): AlertKey | undefined => {
    if (each.length === 0) return ONLY_KEY;
    // Of several fields an entry is quoted, and has a comma between their values, as the key is shown.
    const values = each.length === 1 ? [word] : word.split(',').map((value) => value.trim());
    return values.length === each.length ? keyFrom(values) : undefined;
  });
  return keys.filter((key) => key !== undefined);
}

function fingerprintsOf({
  rings,
  only,
  each,
  orNone,
  readsNodes,
}: AlertSettings): Pick<AlertRule, 'identity' | 'limits'> {
  const field = 'field' in rings ? rings.field : '';
  const counts = rings.kind === 'count' ? rings.counts : '';
  return {
    identity: JSON.stringify([rings.kind, field, counts, only, each, orNone, readsNodes]),
    limits: JSON.stringify(rings),
  };
}
