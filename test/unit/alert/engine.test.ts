import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CompiledRules, compileRules, type Fields } from '../../../lib/rules/compile.ts';
import { parseRuleSet } from '../../../lib/rules/rule.ts';
import type { Change } from '../../../nodes/alert/change.ts';
import { AlertEngine } from '../../../nodes/alert/engine.ts';
import type { EngineOptions } from '../../../nodes/alert/engine-options.ts';
import { AbsenceJudge } from '../../../nodes/alert/judge/absence.ts';
import { CountJudge } from '../../../nodes/alert/judge/count.ts';
import type { JudgeStart } from '../../../nodes/alert/judge/judge.ts';
import { LevelJudge } from '../../../nodes/alert/judge/level.ts';
import { MatchJudge } from '../../../nodes/alert/judge/match.ts';
import { limitReader, stateReader } from '../../../nodes/alert/judge/reading.ts';
import type { SavedEngine } from '../../../nodes/alert/saved.ts';

const START = Date.parse('2026-11-26T12:00:00Z');
const MINUTE = 60_000;
const pattern = (source: string, flags: string) => (text: string) => new RegExp(source, flags).test(text);
const rules = (value?: unknown): CompiledRules => compileRules(parseRuleSet(value), { pattern });
const row = (field: string, operator: string, value = '') => ({ rules: [{ field, operator, value }] });

/** An engine with a clock that the test sets, whose state goes through JSON at a restart. */
class Bench {
  readonly changes: Change[] = [];
  readonly #options: EngineOptions;
  engine: AlertEngine;
  nowMs = START;

  constructor(options: Partial<EngineOptions> & Pick<EngineOptions, 'createJudge'>) {
    let ids = 0;
    const createId = (): string => `id${++ids}`;
    this.#options = {
      only: rules(),
      each: [],
      field: '',
      orNone: false,
      severity: 'error',
      mostKeys: 10,
      isOnceOnly: true,
      createId,
      ...options,
    };
    this.engine = new AlertEngine(this.#options, this.nowMs);
  }

  /** A record that happens now, or `agoMs` ago. */
  take(fields: Fields, agoMs = 0): void {
    const record = { time: new Date(this.nowMs - agoMs).toISOString(), ...fields };
    const change = this.engine.take(record, this.nowMs);
    if (change !== undefined) this.changes.push(change);
  }

  pass(ms: number): void {
    for (const end = this.nowMs + ms; this.nowMs < end; ) {
      this.nowMs = Math.min(end, this.nowMs + 1000);
      this.changes.push(...this.engine.tick(this.nowMs));
    }
  }

  /** Node-RED is off for a while. */
  restart(offMs = 0): void {
    const saved = JSON.parse(JSON.stringify(this.engine.savedAt(this.nowMs))) as SavedEngine;
    this.nowMs += offMs;
    this.engine = new AlertEngine(this.#options, this.nowMs, saved);
    this.engine.skip(offMs, this.nowMs);
  }

  get told(): string[] {
    return this.changes.map(({ kind, key, firing }) =>
      [kind, key.text, firing.id].filter((word) => word !== '').join(' '),
    );
  }
}

const state = (options: { forMs?: number; forSamples?: number } = {}) => {
  const read = stateReader({ field: 'check_state', bad: ['down'], good: ['up'], critical: [] });
  return (start: JudgeStart) =>
    new LevelJudge({ read, forMs: options.forMs ?? 0, forSamples: options.forSamples ?? 0 }, start);
};
const limit = (rule: Partial<Parameters<typeof limitReader>[0]>, forMs = 0) => {
  const read = limitReader({ field: 'v', operator: 'above', limit: 80, end: undefined, critical: undefined, ...rule });
  return (start: JudgeStart) => new LevelJudge({ read, forMs, forSamples: 0 }, start);
};

test('a state rings once, over a restart too, and ends once with the same id', () => {
  const bench = new Bench({ createJudge: state() });
  bench.take({ check_state: 'down' });
  bench.restart(5 * MINUTE);
  bench.take({ check_state: 'down' });
  bench.take({ check_state: 'up' });
  bench.take({ check_state: 'up' });
  assert.deepEqual(bench.told, ['firing id1', 'resolved id1']);
});

test('a good record without an alert says nothing, and what was off when it ended ends at the first good one', () => {
  const bench = new Bench({ createJudge: state() });
  bench.take({ check_state: 'up' });
  bench.take({ check_state: 'down' });
  bench.restart(10 * MINUTE);
  bench.take({ check_state: 'up' });
  assert.deepEqual(bench.told, ['firing id1', 'resolved id1']);
});

test('a state that is in no list neither starts nor ends, and is counted', () => {
  const bench = new Bench({ createJudge: state() });
  bench.take({ check_state: 'down' });
  for (const check_state of ['paused', '', 0]) bench.take({ check_state });
  bench.take({});
  assert.deepEqual(bench.told, ['firing id1']);
  assert.deepEqual(bench.engine.notices, { unlisted: 3, 'no-field': 1 });
});

test('of two states that come swapped the younger one holds', () => {
  const bench = new Bench({ createJudge: state() });
  bench.nowMs += 3 * MINUTE;
  bench.take({ check_state: 'up' }, 0);
  bench.take({ check_state: 'down' }, MINUTE);
  assert.deepEqual(bench.told, []);
  assert.equal(bench.engine.notices.late, 1);
});

test('of a backlog of states only the newest counts, and only where nothing younger follows within a minute', () => {
  const ended = new Bench({ createJudge: state() });
  ended.take({ check_state: 'down' }, 60 * MINUTE);
  ended.take({ check_state: 'up' }, 50 * MINUTE);
  ended.take({ check_state: 'down' }, 40 * MINUTE);
  ended.take({ check_state: 'up' }, 0);
  ended.pass(2 * MINUTE);
  assert.deepEqual(ended.told, []);
  const open = new Bench({ createJudge: state() });
  open.take({ check_state: 'up' }, 50 * MINUTE);
  open.take({ check_state: 'down' }, 40 * MINUTE);
  open.pass(59_000);
  assert.deepEqual(open.told, []);
  open.pass(1000);
  assert.deepEqual(open.told, ['firing id1']);
});

test('"for 5 minutes" needs two samples that span them; a gap neither starts it anew nor is enough', () => {
  const bench = new Bench({ createJudge: state({ forMs: 5 * MINUTE }) });
  bench.take({ check_state: 'down' });
  bench.pass(10 * MINUTE);
  assert.deepEqual(bench.told, []);
  bench.take({ check_state: 'down' });
  assert.deepEqual(bench.told, ['firing id1']);
  const broken = new Bench({ createJudge: state({ forMs: 5 * MINUTE }) });
  broken.take({ check_state: 'down' });
  broken.pass(4 * MINUTE);
  broken.take({ check_state: 'up' });
  broken.pass(2 * MINUTE);
  broken.take({ check_state: 'down' });
  assert.deepEqual(broken.told, []);
});

test('the time in which Node-RED is off does not count towards "for"', () => {
  const bench = new Bench({ createJudge: state({ forMs: 12 * 60 * MINUTE }) });
  bench.take({ check_state: 'down' });
  bench.pass(6 * 60 * MINUTE);
  bench.restart(60 * MINUTE);
  bench.pass(5 * 60 * MINUTE);
  bench.take({ check_state: 'down' });
  assert.deepEqual(bench.told, []);
  bench.pass(60 * MINUTE);
  bench.take({ check_state: 'down' });
  assert.deepEqual(bench.told, ['firing id1']);
});

test('a value that wavers about its limit rings once where it has an end of its own', () => {
  const bench = new Bench({ createJudge: limit({ end: 75 }) });
  for (const v of [80.1, 79.9, 80.1, 75, 79, 81, 74.9, 79]) bench.take({ v });
  assert.deepEqual(bench.told, ['firing id1', 'resolved id1']);
  assert.deepEqual([bench.changes[0]?.value, bench.changes[1]?.value], [80.1, 74.9]);
});

test('0, text that is a number, and what is none, against a limit', () => {
  const bench = new Bench({ createJudge: limit({ operator: 'below', limit: 120 }) });
  for (const v of ['', undefined, Number.NaN, 'low', '12 %']) bench.take({ v });
  assert.deepEqual(bench.told, []);
  assert.deepEqual(bench.engine.notices, { 'not-a-number': 4, 'no-field': 1 });
  bench.take({ v: 0 });
  bench.take({ v: '' });
  bench.take({ v: '120' });
  assert.deepEqual(bench.told, ['firing id1', 'resolved id1']);
});

test('critical and back keeps the alert', () => {
  const bench = new Bench({ createJudge: limit({ critical: 90 }) });
  for (const v of [85, 95, 96, 85, 70]) bench.take({ v });
  assert.deepEqual(bench.told, ['firing id1', 'severity id1', 'severity id1', 'resolved id1']);
});

const count = (options: Partial<ConstructorParameters<typeof CountJudge>[0]> = {}) => {
  const all = { counts: 'records', field: '', threshold: 5, windowMs: MINUTE, endMs: 5 * MINUTE, ...options } as const;
  return (start: JudgeStart) => new CountJudge(all, start);
};

test('five within a minute ring once, however many follow, and it ends five minutes after they were too many', () => {
  const bench = new Bench({ createJudge: count(), each: ['source_ip'] });
  for (let n = 0; n < 20; n += 1) bench.take({ source_ip: '203.0.113.7' });
  for (let n = 0; n < 4; n += 1) bench.take({ source_ip: '203.0.113.8' });
  bench.pass(6 * MINUTE - 1000);
  assert.deepEqual(bench.told, ['firing 203.0.113.7 id1']);
  assert.equal(bench.changes[0]?.firing.count, 16);
  bench.pass(1000);
  assert.deepEqual(bench.told, ['firing 203.0.113.7 id1', 'resolved 203.0.113.7 id1']);
});

test('what a source reads again after a crash counts once', () => {
  const bench = new Bench({ createJudge: count() });
  for (const event_id of ['a', 'b', 'c']) bench.take({ event_id });
  bench.restart(1000);
  for (const event_id of ['a', 'b', 'c']) bench.take({ event_id });
  assert.deepEqual(bench.told, []);
  for (const event_id of ['d', 'e']) bench.take({ event_id });
  assert.deepEqual(bench.told, ['firing id1']);
});

test('a backlog of a night rings once for each key and is then over', () => {
  const bench = new Bench({ createJudge: count(), each: ['k'] });
  for (let hour = 8; hour > 0; hour -= 1) {
    for (let n = 0; n < 10; n += 1) {
      bench.take({ k: 'a' }, hour * 60 * MINUTE + n);
      bench.take({ k: 'b' }, hour * 60 * MINUTE + n);
    }
    bench.pass(2000);
  }
  bench.pass(10 * MINUTE);
  assert.deepEqual(bench.told.toSorted(), ['firing a id1', 'firing b id2', 'resolved a id1', 'resolved b id2']);
  assert.equal(bench.changes[0]?.firing.readMs, START);
});

test('the sum of a field adds nothing where it is absent, and refuses what is negative or text', () => {
  const bench = new Bench({ createJudge: count({ counts: 'sum', field: 'login_failures' }) });
  for (const login_failures of [undefined, -3, 'x', 2, 2]) bench.take({ login_failures });
  bench.take({});
  assert.deepEqual(bench.told, []);
  assert.deepEqual(bench.engine.notices, { negative: 1, 'not-a-number': 1 });
  bench.take({ login_failures: 1 });
  assert.equal(bench.changes[0]?.value, 5);
});

const match = (options: Partial<ConstructorParameters<typeof MatchJudge>[0]>) => {
  const none = (): boolean => false;
  const all = { ends: 'after' as const, isEnd: none, isStart: () => true, endMs: 10 * MINUTE, ...options };
  return (start: JudgeStart) => new MatchJudge(all, start);
};

test('a record that matches rings, and ends by time, by a record, or is an event', () => {
  const after = new Bench({ createJudge: match({}), only: rules(row('event_action', 'is', 'oom')) });
  after.take({ event_action: 'start' });
  after.take({ event_action: 'oom' });
  after.pass(5 * MINUTE);
  after.take({ event_action: 'oom' });
  after.pass(10 * MINUTE);
  assert.deepEqual(after.told, ['firing id1', 'resolved id1']);
  const isStart = rules(row('event_action', 'is', 'die')).matches;
  const isEnd = rules(row('event_action', 'is', 'start')).matches;
  const pair = new Bench({
    createJudge: match({ ends: 'record', isEnd, isStart }),
    only: rules(row('event_action', 'is', 'die')),
    alsoJudges: isEnd,
    each: ['container_name'],
  });
  pair.take({ event_action: 'start', container_name: 'web' });
  pair.take({ event_action: 'die', container_name: 'web' });
  pair.pass(60 * MINUTE);
  pair.take({ event_action: 'start', container_name: 'other' });
  pair.take({ event_action: 'start', container_name: 'web' });
  assert.deepEqual(pair.told, ['firing web id1', 'resolved web id1']);
  const event = new Bench({ createJudge: match({ ends: 'event' }) });
  event.take({ event_id: 'a' });
  event.take({ event_id: 'a' });
  event.take({ event_id: 'b' });
  assert.deepEqual(event.told, ['event id1', 'event id2']);
});

const absence = (options: Partial<ConstructorParameters<typeof AbsenceJudge>[0]> = {}) => {
  const all = {
    silentMs: 5 * MINUTE,
    forgetMs: 60 * MINUTE,
    isActive: () => true,
    isExpected: () => false,
    ...options,
  };
  return (start: JudgeStart) => new AbsenceJudge(all, start);
};

test('silence rings for what was heard of more than once in a while, and ends by the next record', () => {
  const bench = new Bench({ createJudge: absence(), each: ['host'] });
  bench.take({ host: 'typo' });
  for (let n = 0; n < 10; n += 1) {
    bench.take({ host: 'web' });
    bench.pass(MINUTE);
  }
  bench.pass(4 * MINUTE);
  assert.deepEqual(bench.told, []);
  bench.pass(1000);
  assert.deepEqual(bench.told, ['firing web id1']);
  bench.take({ host: 'web' });
  assert.deepEqual(bench.told, ['firing web id1', 'resolved web id1']);
});

test('after a start or a jump of the clock every key has its full time again', () => {
  const bench = new Bench({ createJudge: absence() });
  for (let n = 0; n < 10; n += 1) {
    bench.take({});
    bench.pass(MINUTE);
  }
  bench.restart(60 * MINUTE);
  bench.pass(5 * MINUTE);
  assert.deepEqual(bench.told, []);
  bench.pass(1000);
  assert.deepEqual(bench.told, ['firing id1']);
});

test('what stays away is forgotten, and a record that is old is not silence', () => {
  const bench = new Bench({ createJudge: absence() });
  for (let n = 0; n < 10; n += 1) {
    bench.take({}, 3 * 60 * MINUTE);
    bench.pass(MINUTE);
  }
  assert.deepEqual(bench.told, []);
  bench.pass(61 * MINUTE);
  assert.deepEqual(bench.told, ['firing id1', 'resolved id1']);
  assert.equal(bench.changes[1]?.reason, 'forgotten');
});

test('outside the active hours the time of silence stands still', () => {
  const isActive = (atMs: number): boolean => atMs < START + 12 * MINUTE || atMs > START + 600 * MINUTE;
  const bench = new Bench({ createJudge: absence({ isActive }) });
  for (let n = 0; n < 10; n += 1) {
    bench.take({});
    bench.pass(MINUTE);
  }
  bench.pass(590 * MINUTE);
  assert.deepEqual(bench.told, []);
  bench.pass(6 * MINUTE);
  assert.deepEqual(bench.told, ['firing id1']);
});

test('when there are too many keys an idle one is forgotten first, and one that fires never', () => {
  const bench = new Bench({ createJudge: state(), each: ['k'], mostKeys: 3 });
  for (const k of ['a', 'b']) bench.take({ k, check_state: 'down' });
  for (let n = 0; n < 100; n += 1) bench.take({ k: `idle${n}`, check_state: 'up' });
  assert.equal(bench.engine.size, 3);
  bench.take({ k: 'c', check_state: 'down' });
  bench.take({ k: 'd', check_state: 'down' });
  assert.equal(bench.engine.notices['no-room'], 1);
  for (const k of ['a', 'b', 'c']) bench.take({ k, check_state: 'up' });
  assert.deepEqual(bench.told.slice(3), ['resolved a id1', 'resolved b id2', 'resolved c id3']);
});

test('a clock that is ahead, and a time that is none, count as now', () => {
  const bench = new Bench({ createJudge: state() });
  bench.take({ check_state: 'down', time: '2099-01-01T00:00:00Z' });
  bench.take({ check_state: 'up', time: 'yesterday' });
  assert.deepEqual(bench.told, ['firing id1', 'resolved id1']);
  assert.equal(bench.engine.notices['clock-ahead'], 1);
});

test('the rule can be ended by hand, with its reason', () => {
  const bench = new Bench({ createJudge: state(), each: ['k'] });
  for (const k of ['a', 'b']) bench.take({ k, check_state: 'down' });
  const ended = bench.engine.endAll('rule-changed', bench.nowMs);
  assert.deepEqual(
    ended.map(({ kind, key, reason }) => [kind, key.text, reason]),
    [
      ['resolved', 'a', 'rule-changed'],
      ['resolved', 'b', 'rule-changed'],
    ],
  );
  assert.deepEqual(bench.engine.endAll('rule-changed', bench.nowMs), []);
});
