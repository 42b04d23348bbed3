import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliveryOf, deliverySamples } from '../../../../plugins/monitoring-page/digest/deliveries.ts';
import { Digest } from '../../../../plugins/monitoring-page/digest/digest.ts';
import { AlertLog, MOST_TRANSITIONS, TRANSITIONS_MS } from '../../../../plugins/monitoring-page/history/alert-log.ts';
import { KeptRecords, MOST_KEPT } from '../../../../plugins/monitoring-page/history/kept-records.ts';
import { decodeLine, encodeLine } from '../../../../plugins/monitoring-page/history/lines.ts';
import { mattersAtNight } from '../../../../plugins/monitoring-page/history/matters.ts';
import { samplesOf } from '../../../../plugins/monitoring-page/series/samples.ts';

const NOW_MS = Date.UTC(2026, 10, 26, 3);
const event = (event_action: string, more: object = {}) => ({
  log_type: 'docker_event',
  event_type: 'container',
  container_name: 'web',
  event_action,
  ...more,
});

test('a container is what its events say, goes on under its name, and is forgotten an hour after it was removed', () => {
  const digest = new Digest();
  const state = (nowMs = NOW_MS): unknown[] =>
    digest
      .containers(nowMs)
      .map(({ name, state, exitCode, isOutOfMemory, health }) => [name, state, exitCode, isOutOfMemory, health]);
  digest.write('web', NOW_MS);
  assert.deepEqual(state(), [['web', 'running', null, false, '']]);
  digest.add(event('oom'), NOW_MS);
  digest.add(event('die', { exit_code: 137 }), NOW_MS);
  // Its last lines come after its end.
  digest.write('web', NOW_MS + 1_000);
  assert.deepEqual(state(), [['web', 'exited', 137, true, '']]);
  digest.add(event('start'), NOW_MS + 2_000);
  digest.add(event('health_status: unhealthy', { health_status: 'unhealthy' }), NOW_MS + 3_000);
  assert.deepEqual(state(), [['web', 'running', null, false, 'unhealthy']]);
  digest.add(event('rename', { container_name: 'site', container_name_before: 'web' }), NOW_MS + 4_000);
  assert.deepEqual(
    state().map((one) => (one as unknown[])[0]),
    ['site'],
  );
  digest.add(event('destroy', { container_name: 'site' }), NOW_MS + 5_000);
  assert.equal(state(NOW_MS + 60_000).length, 1);
  assert.equal(state(NOW_MS + 3_700_000).length, 0);
});

test('failures of the last hour are summed by address, and names are left out for who may not see them', () => {
  const digest = new Digest();
  const failed = (source_ip: string, user_name: string) => ({
    log_type: 'auth',
    login_failures: 1,
    source_ip,
    user_name,
    event_outcome: 'failure',
  });
  digest.add(failed('203.0.113.1', 'old'), NOW_MS - 3_700_000);
  for (const user of ['a', 'b', 'a']) digest.add(failed('203.0.113.1', user), NOW_MS);
  digest.add(
    {
      log_type: 'auth',
      event_action: 'ssh_login',
      event_outcome: 'success',
      user_name: 'alice',
      source_ip: '192.0.2.4',
    },
    NOW_MS,
  );
  const { failed: count, from, cameIn } = digest.logins.result(NOW_MS, true);
  assert.equal(count, 3);
  assert.deepEqual(from, [{ from: '203.0.113.1', users: ['a', 'b'], count: 3 }]);
  assert.deepEqual(
    cameIn.map(({ user }) => user),
    ['alice'],
  );
  assert.deepEqual(digest.logins.result(NOW_MS, false), { failed: 3, from: [], cameIn: [] });
});

test('endpoints and disks are the last that was heard, and names without end are bounded', () => {
  const digest = new Digest();
  for (let index = 0; index < 1_000; index += 1)
    digest.add(
      { log_type: 'http_check', check_name: `c${index}`, check_state: 'up', http_response_time_ms: 5 },
      NOW_MS,
    );
  digest.add(
    {
      log_type: 'http_check',
      check_name: 'c999',
      check_state: 'down',
      check_down_seconds: 60,
      event_outcome: 'failure',
    },
    NOW_MS,
  );
  assert.ok(digest.endpoints.length <= 400);
  assert.deepEqual(
    digest.endpoints.filter(({ state }) => state === 'down').map(({ downSinceMs }) => downSinceMs),
    [NOW_MS - 60_000],
  );
  digest.add({ log_type: 'disk', disk_mount: '/', disk_used_percent: 5 }, NOW_MS);
  digest.add({ log_type: 'disk', disk_mount: '/merged', container_name: 'web' }, NOW_MS);
  assert.deepEqual(
    digest.disks.map(({ mount }) => mount),
    ['/'],
  );
});

test('the time of an answer counts only where there was one, and failures are a series of their own', () => {
  const check = { log_type: 'http_check', check_name: 'shop', http_response_time_ms: 30_000 };
  assert.deepEqual(samplesOf({ ...check, event_outcome: 'failure' }), [['http_failure shop', 1]]);
  assert.deepEqual(samplesOf({ ...check, event_outcome: 'success' }), [
    ['http_failure shop', 0],
    ['http_response_time_ms shop', 30_000],
  ]);
  assert.deepEqual(samplesOf({ ...check, check_state: 'paused' }), []);
});

test('a counter that was started anew is no value', () => {
  const node = (sent: number) => ({
    id: 's',
    name: '',
    origins: ['tcp://a:1'],
    summary: () => ({ state: 'connected', endpoint: 'a:1', buffered: 2, lagMs: 3 }),
    counters: () => ({ received: sent, sent, dropped: 0 }),
  });
  const [one, two, anew] = [10, 15, 3].map((sent) => [deliveryOf(node(sent))].filter((found) => found !== undefined));
  const sent = (now: typeof one, before: typeof one): unknown =>
    deliverySamples(now ?? [], before ?? []).find(([name]) => name === 'records_sent')?.[1];
  assert.equal(sent(two, one), 5);
  assert.equal(sent(anew, two), undefined);
  assert.equal(sent(one, []), undefined);
  for (const value of [undefined, null, {}, { id: 's' }]) assert.equal(deliveryOf(value), undefined);
});

test('what matters at night: warnings and worse, alerts, who came in, what started and stopped', () => {
  const yes = [
    { level: 4 },
    { level: 2 },
    { log_type: 'alert', level: 5 },
    { log_type: 'auth', event_action: 'ssh_login' },
    event('start'),
    event('health_status: healthy'),
  ];
  const no = [
    { level: 6 },
    {},
    { log_type: 'auth', event_action: 'session_opened', level: 6 },
    event('exec_create'),
    { log_type: 'uptime', level: 6 },
  ];
  for (const record of yes) assert.equal(mattersAtNight(record), true, JSON.stringify(record));
  for (const record of no) assert.equal(mattersAtNight(record), false, JSON.stringify(record));
});

test('records that are alike are one with a count, the last 500 stay, and what is restored is older than all', () => {
  const kept = new KeptRecords();
  const add = (number: number, message: string): boolean =>
    kept.add(
      { number, document: JSON.stringify({ short_message: message }), node: 'o', shippedMs: NOW_MS + number },
      { message },
    );
  assert.equal(add(1, 'failed 1'), true);
  assert.equal(add(2, 'other'), true);
  assert.equal(add(3, 'failed 2'), false);
  assert.deepEqual(
    kept.all.map(({ number, count }) => [number, count]),
    [
      [2, 1],
      [3, 2],
    ],
  );
  kept.restore([{ document: '{}', node: 'o', shippedMs: 1, count: 1, firstMs: 1 }]);
  assert.ok((kept.all[0]?.number ?? 0) < 0);
  for (let number = 4; number < 900; number += 1)
    add(number, `${'x'.repeat(number % 290)} ${'y'.repeat(Math.floor(number / 290))}`);
  assert.equal(kept.all.length, MOST_KEPT);
});

test('a node that says again what was so before is no transition, and neither time nor number is without end', () => {
  const log = new AlertLog();
  const said = {
    node: 'n',
    name: 'disk',
    key: '/',
    id: 'a',
    severity: 'error',
    sinceMs: NOW_MS,
    isTold: true,
  } as const;
  assert.ok(log.hear({ ...said, state: 'firing' }, NOW_MS));
  assert.equal(log.hear({ ...said, state: 'firing' }, NOW_MS + 1), undefined);
  assert.ok(log.hear({ ...said, state: 'resolved' }, NOW_MS + 2));
  assert.equal(log.hear({ ...said, state: 'firing' }, NOW_MS + 3), undefined);
  for (let id = 0; id < 1_500; id += 1) log.hear({ ...said, id: `x${id}`, state: 'firing' }, NOW_MS);
  assert.equal(log.all.length, MOST_TRANSITIONS);
  log.restore([], NOW_MS + TRANSITIONS_MS + 5);
  assert.equal(log.all.length, 0);
});

test('a line of the history that was cut or changed is none', () => {
  const checksum = (text: string): number =>
    [...text].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) >>> 0, 7);
  const line = encodeLine(
    { record: { document: '{"a":1}', node: 'o', shippedMs: 1, count: 1, firstMs: 1 } },
    checksum,
  ).trimEnd();
  assert.deepEqual(decodeLine(line, checksum), {
    record: { document: '{"a":1}', node: 'o', shippedMs: 1, count: 1, firstMs: 1 },
  });
  for (let length = 0; length < line.length; length += 1)
    assert.equal(decodeLine(line.slice(0, length), checksum), undefined);
  for (const text of ['', 'x', '0 {}', `${checksum('{"record":{}}').toString(16)} {"record":{}}`])
    assert.equal(decodeLine(text, checksum), undefined);
});
