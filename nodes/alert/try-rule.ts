import type { Fields } from '../../lib/rules/compile.ts';
import type { Change } from './change.ts';
import { AlertCore } from './core.ts';
import type { AlertRule } from './rule.ts';
import { SampleReader } from './sample.ts';
import type { AlertMsg } from './say/alert-record.ts';
import type { AlertSettings } from './settings.ts';

/** A record of the last hour, as it was shipped. */
export interface PastRecord {
  readonly record: Fields;
  /** When, in ms since the epoch. */
  readonly shippedMs: number;
}

export interface Rang {
  readonly key: string;
  /** ISO 8601; `to` is absent while it fires. */
  readonly from: string;
  readonly to?: string;
  readonly highest?: number | undefined;
  readonly isOver: boolean;
}

export interface TryResult {
  readonly since: string;
  readonly records: number;
  /** How many the rule looks at. */
  readonly fitting: number;
  readonly keys: number;
  readonly rang: readonly Rang[];
  readonly now: readonly { readonly key: string; readonly value: number }[];
}

const SECOND_MS = 1_000;
const MOST_SHOWN = 100;
const MOST_NOW = 10;
const NOTHING = {} as AlertMsg;

/**
 * Runs a rule over records of the past, with the code that judges those of now, by the times at which they happened. It sends and
 * keeps nothing. A generator, so that whoever runs it can let others run between two steps.
 */
export function* tryRule(
  settings: AlertSettings,
  rule: AlertRule,
  records: Iterable<PastRecord>,
  sinceMs: number,
  nowMs: number,
): Generator<undefined, TryResult> {
  const changes: Change[] = [];
  let ids = 0;
  const { remindMs, floodMessages, floodMs } = settings;
  const createId = (): string => String(++ids);
  const options = { rule, remindMs, floodMessages, floodMs, createId, isHeld: () => false, speak: () => NOTHING };
  const core = new AlertCore({ ...options, onChange: (change) => changes.push(change) }, sinceMs);
  const samples = new SampleReader();
  let [atMs, count] = [sinceMs, 0];
  for (const { record, shippedMs } of records) {
    // It is judged as if it had come when it happened.
    const { timeMs } = samples.sampleOf(record, shippedMs);
    atMs = yield* pass(core, atMs, timeMs);
    core.take(record, Math.max(atMs, timeMs));
    count += 1;
    yield;
  }
  yield* pass(core, atMs, nowMs);
  return {
    since: new Date(sinceMs).toISOString(),
    records: count,
    fitting: core.engine.fitting,
    keys: core.engine.size,
    rang: rangOf(changes).slice(-MOST_SHOWN),
    now: core.engine
      .values(nowMs)
      .toSorted((one, other) => other.value - one.value)
      .slice(0, MOST_NOW)
      .map(({ key, value }) => ({ key: key.text, value })),
  };
}

/** Lets the clock of the rule run, second by second. Gives the time that it has then. */
function* pass(core: AlertCore, fromMs: number, toMs: number): Generator<undefined, number> {
  let atMs = fromMs;
  for (; atMs + SECOND_MS <= toMs; atMs += SECOND_MS) {
    core.tick(atMs + SECOND_MS);
    core.takeReady();
    yield;
  }
  return atMs;
}

function rangOf(changes: readonly Change[]): Rang[] {
  const ends = new Map(changes.filter(({ kind }) => kind === 'resolved').map((change) => [change.firing.id, change]));
  const starts = changes.filter(({ kind }) => kind === 'firing' || kind === 'event');
  return starts.map(({ kind, key, firing }) => {
    const end = ends.get(firing.id);
    const isOver = kind === 'event' || end !== undefined;
    return {
      key: key.text,
      from: new Date(firing.sinceMs).toISOString(),
      ...(end !== undefined && { to: new Date(end.atMs).toISOString() }),
      highest: firing.worst,
      isOver,
    };
  });
}
