import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fields } from '../../../lib/rules/compile.ts';
import { AlertBench, HOUR, MINUTE } from '../../support/alert-bench.ts';

const CHECK = { kind: 'state', field: 'check_state', bad: 'down', good: 'up', each: ['check_name'] };
const DISK = {
  name: 'disk full',
  kind: 'state',
  field: 'disk_state',
  bad: 'warning, critical',
  good: 'ok',
  critical: 'critical',
  severity: 'warning',
  each: ['disk_device'],
  remindMinutes: '30',
};
const LIMIT = { kind: 'limit', field: 'v_percent', startOperator: 'above', limit: '80', end: '75' };

test('a state that fires is known after a restart: it rings no second time, and its end has the same id', () => {
  const bench = new AlertBench(CHECK);
  bench.take({ check_name: 'web', check_state: 'down' });
  bench.kill(5 * MINUTE);
  bench.take({ check_name: 'web', check_state: 'down' });
  bench.pass(2 * MINUTE);
  bench.kill(5 * MINUTE);
  bench.take({ check_name: 'web', check_state: 'up' });
  bench.take({ check_name: 'web', check_state: 'up' });
  assert.deepEqual(bench.story, ['firing web', 'resolved web']);
  assert.equal(bench.told[0]?.record.alert_id, bench.told[1]?.record.alert_id);
});

test('what left in the last minute goes out again after a start, with the same event_id, and later no more', () => {
  const bench = new AlertBench(CHECK);
  bench.take({ check_name: 'web', check_state: 'down' });
  bench.kill(HOUR);
  assert.equal(bench.said.length, 2);
  assert.deepEqual(bench.said[0], bench.said[1]);
  bench.pass(2 * MINUTE);
  bench.deploy();
  assert.equal(bench.said.length, 2);
});

test('a text, a severity, a reminder, a bound and a silence that are edited touch no state', () => {
  const bench = new AlertBench({ ...CHECK, remindMinutes: '60' });
  bench.take({ check_name: 'web', check_state: 'down' });
  bench.pass(2 * MINUTE);
  const silences = [{ days: [], from: '02:30', to: '03:30', zone: '' }];
  const edits = [
    { text: 'oh no' },
    { name: 'renamed' },
    { remindMinutes: '0' },
    { floodMessages: '3' },
    { silences },
    { heldBy: 'y' },
  ];
  for (const edit of edits) {
    bench.deploy({ ...CHECK, ...edit });
    bench.take({ check_name: 'web', check_state: 'down' });
    bench.pass(2 * MINUTE);
  }
  bench.take({ check_name: 'web', check_state: 'up' });
  assert.deepEqual(bench.story, ['firing web', 'resolved web']);
});

test('a severity that is edited is told as a change of the same alert, at the next record', () => {
  const bench = new AlertBench(CHECK);
  bench.take({ check_name: 'web', check_state: 'down' });
  bench.deploy({ ...CHECK, severity: 'critical' });
  bench.take({ check_name: 'web', check_state: 'down' });
  bench.take({ check_name: 'web', check_state: 'up' });
  assert.deepEqual(bench.story, ['firing web', 'severity-1 web', 'resolved web']);
  assert.equal(bench.last.alert_severity, 'critical');
});

test('by a limit that is changed the next record is judged: not bad any more, it ends with that reason and the same id', () => {
  const bench = new AlertBench(LIMIT);
  bench.take({ v_percent: 85 });
  bench.pass(2 * MINUTE);
  bench.deploy({ ...LIMIT, limit: '90' });
  assert.deepEqual(bench.story, ['firing']);
  bench.take({ v_percent: 85 });
  assert.deepEqual(bench.story, ['firing', 'resolved']);
  assert.match(bench.last.message, /rule was changed/);
  const still = new AlertBench(LIMIT);
  still.take({ v_percent: 95 });
  still.deploy({ ...LIMIT, limit: '90' });
  still.take({ v_percent: 92 });
  still.take({ v_percent: 80 });
  still.take({ v_percent: 70 });
  assert.deepEqual(still.story, ['firing', 'resolved']);
  assert.match(still.last.message, /v_percent is 70 %, over after/);
});

test('a count whose threshold is raised over what it has ends with that reason', () => {
  const config = { kind: 'count', counts: 'records', threshold: '3', windowSeconds: '60', endSeconds: '600' };
  const bench = new AlertBench(config);
  for (let n = 0; n < 4; n += 1) bench.take({});
  bench.deploy({ ...config, threshold: '10' });
  bench.pass(2000);
  assert.deepEqual(bench.story, ['firing', 'resolved']);
  assert.match(bench.last.message, /rule was changed/);
});

test('another field, other rows, other keys are another rule: all that fired ends, and rings anew', () => {
  for (const edit of [{ each: [] }, { field: 'other' }, { only: { rules: [{ field: 'a', operator: 'is-set' }] } }]) {
    const bench = new AlertBench(CHECK);
    for (const check_name of ['web', 'db']) bench.take({ check_name, check_state: 'down' });
    bench.pass(2 * MINUTE);
    bench.deploy({ ...CHECK, ...edit });
    assert.deepEqual(bench.story, ['firing web', 'firing db', 'resolved web', 'resolved db']);
    assert.match(bench.last.message, /rule was changed/);
    bench.take({ check_name: 'web', check_state: 'down', other: 'down', a: '1' });
    assert.equal(bench.story.length, 5);
  }
});

test('one full disk with 50 containers for an hour, with ten Deploys and two restarts', () => {
  const bench = new AlertBench(DISK);
  const mounts = ['/', ...Array.from({ length: 50 }, (_, n) => `/var/lib/docker/overlay2/${n}/merged`)];
  for (let minute = 0; minute < 60; minute += 1) {
    for (const disk_mount of mounts) bench.take({ disk_device: '/dev/vda', disk_mount, disk_state: 'critical' });
    if (minute % 6 === 3) bench.deploy();
    if (minute === 20) bench.kill(5_000);
    if (minute === 40) bench.kill(0);
    bench.pass(MINUTE);
  }
  for (const disk_mount of mounts) bench.take({ disk_device: '/dev/vda', disk_mount, disk_state: 'ok' });
  bench.pass(HOUR);
  assert.deepEqual(bench.story, ['firing /dev/vda', 'reminder-1 /dev/vda', 'reminder-2 /dev/vda', 'resolved /dev/vda']);
  assert.equal(bench.told[1]?.record.alert_reminder, 1);
});

test('a backlog of 10,000 old records rings once a key, and is over', () => {
  const config = {
    kind: 'count',
    counts: 'records',
    threshold: '5',
    windowSeconds: '300',
    endSeconds: '300',
    each: ['k'],
  };
  const bench = new AlertBench({ ...config, floodMessages: '0' });
  for (let n = 0; n < 10_000; n += 1) {
    bench.take({ k: `k${n % 10}`, event_id: `e${n}` }, 8 * HOUR - n * 2000);
    if (n % 100 === 0) bench.pass(1000);
  }
  bench.pass(HOUR, 10_000);
  const rang = bench.story.filter((line) => line.startsWith('firing'));
  assert.equal(rang.length, 10);
  assert.equal(bench.story.length, 20);
  assert.match(bench.told[0]?.record.message ?? '', /\(happened 0?4:\d\d UTC, read 12:\d\d UTC\)/);
  assert.equal(bench.core.firing.length, 0);
});

test('of a backlog of 10,000 old states only the newest of each key counts', () => {
  const bench = new AlertBench({ ...CHECK, floodMessages: '0' });
  for (let n = 0; n < 10_000; n += 1) {
    const check_state = n >= 9_990 ? 'down' : ['up', 'down'][n % 2];
    bench.take({ check_name: `c${n % 10}`, check_state }, 8 * HOUR - n * 2000);
  }
  bench.pass(2 * MINUTE);
  assert.equal(bench.story.length, 10);
  assert.ok(bench.story.every((line) => line.startsWith('firing')));
});

test('when the state cannot be kept people are told all the same', () => {
  const bench = new AlertBench(CHECK);
  bench.isDiskFull = true;
  bench.take({ check_name: 'web', check_state: 'down' });
  bench.take({ check_name: 'web', check_state: 'up' });
  assert.deepEqual(bench.story, ['firing web', 'resolved web']);
});

test('the time in which it is held back is as a silence: told at its end if it still fires, and not if it is over', () => {
  const bench = new AlertBench({ ...CHECK, heldBy: 'docker away' });
  bench.isHeld = true;
  for (const check_name of ['a', 'b']) bench.take({ check_name, check_state: 'down' });
  bench.take({ check_name: 'b', check_state: 'up' });
  bench.pass(10 * MINUTE);
  assert.deepEqual(bench.story, []);
  bench.isHeld = false;
  bench.pass(1000);
  assert.deepEqual(bench.story, ['firing a']);
  assert.equal(bench.last.alert_since, '2026-11-26T12:00:00.000Z');
});

test('records of alerts and of filters are not judged unless the rows ask for them, and never counted', () => {
  const only = (value: string) => ({ only: { rules: [{ field: 'log_type', operator: 'is', value }] } });
  const match = { kind: 'match', ends: 'event' };
  const plain = new AlertBench(match);
  for (const log_type of ['alert', 'filter']) plain.take({ log_type, message: 'm' });
  assert.deepEqual(plain.story, []);
  const asked = new AlertBench({ ...match, ...only('alert') });
  for (const log_type of ['alert', 'filter']) asked.take({ log_type, message: 'm' });
  assert.deepEqual(asked.story, ['firing']);
  const denied = { field: 'log_type', operator: 'is-not', value: 'disk', orAbsent: true };
  const denies = new AlertBench({ ...match, only: { rules: [denied] } });
  denies.take({ log_type: 'alert' });
  assert.deepEqual(denies.story, []);
  const count = new AlertBench({ kind: 'count', threshold: '1', ...only('alert') });
  count.take({ log_type: 'alert' });
  assert.deepEqual(count.story, []);
});

test('an expected key is missed though it never came; a Graylog that is away stops the time of silence', () => {
  const config = { kind: 'absence', silentSeconds: '300', each: ['host'], expected: 'b, c' };
  const bench = new AlertBench(config);
  bench.isPaused = true;
  bench.pass(HOUR, 10_000);
  assert.equal(bench.story.length, 0);
  bench.isPaused = false;
  bench.pass(6 * MINUTE);
  assert.deepEqual(bench.story, ['firing b', 'firing c']);
  assert.equal(bench.last.host, 'c');
  bench.take({ host: 'b' });
  bench.deploy({ ...config, expected: 'b' });
  bench.pass(2 * MINUTE);
  assert.deepEqual(bench.story.slice(2), ['resolved b']);
  bench.pass(25 * HOUR, 10_000);
  // Nobody expects it any more, so it is forgotten as any other.
  assert.equal(bench.story.at(-1), 'resolved c');
  assert.match(bench.last.message, /forgotten/);
});

test('1,001 keys that fire: there is one alert more, which says that there are too many', () => {
  const bench = new AlertBench({ ...CHECK, floodMessages: '0' });
  for (let n = 0; n < 1_020; n += 1) bench.take({ check_name: `c${n}`, check_state: 'down' });
  bench.pass(2000);
  assert.equal(bench.story.length, 1_001);
  assert.equal(bench.story.at(-1), 'firing (too many keys)');
  assert.match(bench.last.message, /more than 1000 fire at once/);
  assert.equal(bench.core.engine.notices['no-room'], 20);
  for (let n = 0; n < 1_020; n += 1) bench.take({ check_name: `c${n}`, check_state: 'up' });
  bench.pass(12 * MINUTE);
  assert.equal(bench.story.length, 2_002);
  assert.equal(bench.story.at(-1), 'resolved (too many keys)');
});

test('a clock that is set back leaves durations as they are, and records of the new clock count', () => {
  const bench = new AlertBench({ ...LIMIT, forSeconds: '600', remindMinutes: '60' });
  bench.take({ v_percent: 90 });
  bench.pass(5 * MINUTE);
  bench.nowMs -= HOUR;
  bench.core.shift(-HOUR, bench.nowMs);
  bench.take({ v_percent: 90 });
  assert.deepEqual(bench.story, []);
  bench.pass(5 * MINUTE);
  bench.take({ v_percent: 90 });
  assert.deepEqual(bench.story, ['firing']);
  bench.nowMs -= HOUR;
  bench.core.shift(-HOUR, bench.nowMs);
  bench.take({ v_percent: 10 });
  assert.equal(bench.last.alert_duration_seconds, 600);
});

test('a clock that was set back while Node-RED was off: nothing saved lies in the future', () => {
  const bench = new AlertBench({ ...CHECK, remindMinutes: '60' });
  bench.take({ check_name: 'web', check_state: 'down' });
  bench.pass(10 * MINUTE);
  bench.keep();
  bench.kill(-24 * HOUR);
  bench.pass(49 * MINUTE);
  assert.deepEqual(bench.story, ['firing web']);
  bench.pass(2 * MINUTE);
  assert.deepEqual(bench.story, ['firing web', 'reminder-1 web']);
  bench.take({ check_name: 'web', check_state: 'up' });
  assert.deepEqual(bench.story.slice(2), ['resolved web']);
  assert.equal(bench.last.alert_duration_seconds, 61 * 60);
});

test('a clock that is set forward rings nothing and reminds of nothing', () => {
  const absence = new AlertBench({ kind: 'absence', silentSeconds: '300', expected: 'a', each: ['host'] });
  const check = new AlertBench({ ...CHECK, remindMinutes: '60' });
  check.take({ check_name: 'web', check_state: 'down' });
  for (const bench of [absence, check]) {
    bench.nowMs += 24 * HOUR;
    bench.core.shift(24 * HOUR, bench.nowMs);
    bench.pass(4 * MINUTE);
  }
  assert.deepEqual([absence.story, check.story], [[], ['firing web']]);
});

test('commands by msg: a silence of one key, of all, waking, acknowledging', () => {
  const bench = new AlertBench({ ...CHECK, remindMinutes: '10' });
  bench.command({ silence: '2h', alert_key: 'web' });
  for (const check_name of ['web', 'db']) bench.take({ check_name, check_state: 'down' });
  assert.deepEqual(bench.story, ['firing db']);
  assert.equal(bench.command({ acknowledge: true, alert_key: 'db' }), true);
  assert.equal(bench.command({ acknowledge: true, alert_key: 'nobody' }), false);
  bench.pass(30 * MINUTE);
  assert.deepEqual(bench.story, ['firing db']);
  bench.command({ wake: true });
  assert.deepEqual(bench.story, ['firing db', 'firing web']);
  bench.command({ silence: '1h' });
  bench.kill(MINUTE);
  bench.take({ check_name: 'db', check_state: 'up' });
  assert.deepEqual(bench.story.slice(2), ['resolved db quietly']);
  assert.equal(bench.core.announcer.silentUntil(bench.nowMs) !== undefined, true);
});

test('what says nothing of any key is not missed for having none', () => {
  const guessing = { kind: 'count', counts: 'sum', countField: 'login_failures', threshold: '5', each: ['source_ip'] };
  const bench = new AlertBench(guessing);
  // As a log has them: lines of cron and sudo, of a failure without an address, and of one with it.
  bench.take({ message: 'session opened for user root' });
  assert.deepEqual(bench.core.engine.notices, { 'no-field': 1 });
  bench.take({ login_failures: 1 });
  assert.deepEqual(bench.core.engine.notices, { 'no-field': 1, 'no-key': 1 });
  bench.take({ login_failures: 1, source_ip: '198.51.100.7' });
  assert.deepEqual(bench.core.engine.notices, { 'no-field': 1, 'no-key': 1 });
  assert.deepEqual(
    bench.core.engine.values(bench.nowMs).map(({ value }) => value),
    [1],
  );
});

test('where nothing comes any more it stays firing, and a reminder says from when the value is', () => {
  const limit = { kind: 'limit', field: 'v', limit: '5', each: ['k'], remindMinutes: '20' };
  const bench = new AlertBench(limit);
  bench.take({ k: 'a', v: 7 });
  bench.pass(15 * MINUTE);
  bench.take({ k: 'a', v: 8 });
  bench.pass(6 * MINUTE);
  assert.match(String(bench.last.message), /reminder 1\): /);
  bench.deploy();
  bench.pass(20 * MINUTE);
  assert.match(String(bench.last.message), /reminder 2, last value 12:15 UTC\): .*v is 8/);
  assert.equal(bench.core.firing.length, 1);
});

test('a count and a match end when they would have ended without a restart', () => {
  for (const rule of [
    { kind: 'count', threshold: '2', windowSeconds: '60', endSeconds: '300' },
    { kind: 'match', ends: 'after', endSeconds: '360' },
  ]) {
    const bench = new AlertBench(rule);
    bench.take({ message: 'x' });
    bench.take({ message: 'y' });
    bench.pass(3 * MINUTE);
    bench.deploy();
    bench.pass(2 * MINUTE);
    bench.kill(30_000);
    bench.pass(25_000);
    assert.deepEqual(bench.story, ['firing'], rule.kind);
    bench.pass(10_000);
    assert.deepEqual(bench.story, ['firing', 'resolved'], rule.kind);
  }
});

test('of different values the text says at least so many, for no more are collected', () => {
  const scan = { kind: 'count', counts: 'distinct', countField: 'port', threshold: '5', each: ['source_ip'] };
  const bench = new AlertBench(scan);
  for (let port = 0; port < 5_000; port += 1) bench.take({ source_ip: '198.51.100.7', port });
  assert.match(String(bench.told[0]?.record.message), /at least 5 different port within 60 s/);
  assert.ok(JSON.stringify(bench.core.save(bench.nowMs)).length < 200_000);
});

const CALM: { readonly [kind: string]: readonly [config: object, calm: Fields, telling: Fields] } = {
  state: [CHECK, { check_name: 'web', check_state: 'up' }, { check_name: 'web', check_state: 'down' }],
  'state that waits': [
    { ...CHECK, forSeconds: '300' },
    { check_name: 'web', check_state: 'up' },
    { check_name: 'web', check_state: 'down' },
  ],
  limit: [LIMIT, { v_percent: 10 }, { v_percent: 90 }],
  absence: [{ kind: 'absence', silentSeconds: '300', each: ['k'] }, { k: 'one' }, { k: 'two' }],
};

for (const [kind, [config, calm, telling]] of Object.entries(CALM)) {
  test(`what only says that all is as it was need not be kept soon: ${kind}`, () => {
    const bench = new AlertBench(config);
    for (let minute = 0; minute < 8; minute += 1) {
      bench.take(calm);
      bench.pass(MINUTE);
    }
    bench.keep();
    bench.take(calm);
    assert.equal(bench.core.isDirty, false);
    const before = bench.kept;
    bench.take(telling);
    assert.ok(bench.core.isDirty || bench.kept !== before);
  });
}

test('a first record of a key, one more of an alert that fires or is to fire, and an id that was not seen are kept soon', () => {
  const bench = new AlertBench({ ...CHECK, forSeconds: '300' });
  const isTelling = (state: string): boolean => {
    bench.keep();
    const before = bench.kept;
    bench.take({ check_name: 'web', check_state: state });
    bench.pass(1_000);
    return bench.core.isDirty || bench.kept !== before;
  };
  assert.deepEqual(['up', 'up', 'down', 'down', 'up', 'up'].map(isTelling), [true, false, true, true, true, false]);
  const counting = new AlertBench({ kind: 'count', counts: 'records', threshold: '5', windowSeconds: '300' });
  counting.keep();
  counting.take({ a: '1', event_id: 'x' });
  assert.equal(counting.core.isDirty, true);
});

test('what was kept before ten calm minutes is as good after a crash as what was kept at its end', () => {
  const stories = [false, true].map((isKept) => {
    const bench = new AlertBench({ ...CHECK, forSeconds: '180' });
    bench.take({ check_name: 'web', check_state: 'up' });
    bench.keep();
    for (let minute = 0; minute < 9; minute += 1) {
      bench.pass(MINUTE);
      bench.take({ check_name: 'web', check_state: 'up' });
    }
    if (isKept) bench.keep();
    bench.kill(MINUTE);
    // What its source reads again.
    bench.take({ check_name: 'web', check_state: 'up' }, MINUTE);
    for (let minute = 0; minute < 5; minute += 1) {
      bench.take({ check_name: 'web', check_state: 'down' });
      bench.pass(MINUTE);
    }
    bench.take({ check_name: 'web', check_state: 'up' });
    return bench.told.map(({ record: { alert_state: state, time, alert_since: since } }) => [state, time, since]);
  });
  assert.deepEqual(stories[0], stories[1]);
  assert.equal(stories[0]?.length, 2);
});
