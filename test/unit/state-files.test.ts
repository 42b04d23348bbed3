import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATE_FOLDER, StateFile } from '../../lib/io/state-file.ts';
import { parseSavedAlert } from '../../nodes/alert/saved.ts';
import { parseCheckpoint } from '../../nodes/auth-log-in/checkpoint.ts';
import { journalctlArguments } from '../../nodes/auth-log-in/journal/position.ts';
import { EventDeduplicator } from '../../nodes/docker-events-in/event-position.ts';
import { parseEventState } from '../../nodes/docker-events-in/event-state.ts';
import { Inventory } from '../../nodes/docker-events-in/inventory.ts';
import { LogPositions, parseLogState } from '../../nodes/docker-logs-in/log-state.ts';
import { sinceOf } from '../../nodes/docker-logs-in/position.ts';
import { parseDeliveryState } from '../../nodes/graylog-server/delivery-state.ts';
import { RecentIds } from '../../nodes/graylog-server/recent-ids.ts';
import { parseShippedAlerts, ShippedAlerts } from '../../nodes/graylog-server/shipped-alerts.ts';
import { EndpointStates, parseEndpoint } from '../../nodes/http-check/endpoint-states.ts';
import { alertOf } from '../../nodes/notify/alert.ts';
import { parseOutboxState } from '../../nodes/notify/outbox-state.ts';
import { plan } from '../../nodes/notify/plan.ts';
import { ToldLog } from '../../nodes/notify/told.ts';
import { parseBoot, rebootRecord } from '../../nodes/uptime/reboot.ts';
import { AlertBench } from '../support/alert-bench.ts';
import { temporaryFolder } from '../support/folder.ts';

// Every state file of this package: what is in it, who reads it, and what is done with it first.

interface Kind<T extends object> {
  readonly parse: (value: unknown, nowMs: number) => T | undefined;
  readonly state: T;
  use(state: T): unknown;
}

const kind = <T extends object>(one: Kind<T>): Kind<object> => one as unknown as Kind<object>;

const STAMP = '2026-11-23T18:00:00.000000001Z';
const NANOS = '1795456800123456789';
const POLICY = { retries: 0, resend: 0 };
const identity = { inode: '2', head: { length: 64, crc: 4_000_000_000 } };

/** An alert that fires for one key, and counts for another. */
function alertState(config: object) {
  const bench = new AlertBench(config, Date.now());
  for (const k of ['a', 'a', 'b']) bench.take({ k, v: 90, event_id: `${k}${Math.random()}` });
  return bench;
}

const ALERT = {
  kind: 'count',
  counts: 'distinct',
  countField: 'event_id',
  threshold: '2',
  each: ['k'],
  remindMinutes: '1',
};

const KINDS: { readonly [name: string]: Kind<object> } = {
  'a file of auth-log-in': kind({
    parse: parseCheckpoint,
    state: {
      file: {
        path: '/var/log/auth.log',
        files: [{ ...identity, device: '64769', position: 123_456, modifiedMs: 1_795_456_800_123 }],
        done: [identity],
      },
    },
    use: () => undefined,
  }),
  'the journal of auth-log-in': kind({
    parse: parseCheckpoint,
    state: { journal: { cursor: 's=0123;i=4f;b=00;m=0;t=60a24181e4240;x=0' } },
    use: (state) => {
      for (const argument of 'journal' in state ? journalctlArguments(undefined, state.journal) : [])
        assert.ok(!argument.includes('\0'));
    },
  }),
  'docker-events-in': kind({
    parse: parseEventState,
    state: {
      position: { nanos: NANOS, first: NANOS, ids: ['container-start-x-1'] },
      containers: { x: { name: 'web', image: 'nginx', labels: {}, running: true, seen: NANOS } },
    },
    use: ({ position, containers }) => {
      const events = new EventDeduplicator(position);
      return [events.since(), events.positionAfter(0), new Inventory(containers).compare([], NANOS)];
    },
  }),
  'docker-logs-in': kind({
    parse: parseLogState,
    state: { first: NANOS, positions: { x: { out: [STAMP, 2], pending: STAMP, finished: '2026-11-23T19:00:00Z' } } },
    use: ({ first, positions }) => {
      const known = new LogPositions(positions);
      return known.ids.map((id) => sinceOf(known.positionOf(id), first));
    },
  }),
  'graylog-server': kind({
    parse: parseDeliveryState,
    state: { counters: { received: 5, sent: 4, dropped: 1, retried: 0 }, recent: [1, 2, 3] },
    use: ({ recent }) => new RecentIds(8).restore(recent, 1, 0),
  }),
  'the alerts of graylog-server': kind({
    parse: parseShippedAlerts,
    state: {
      alerts: [
        ['id', { node: 'n', document: '{"host":"h","_alert_id":"id","_alert_state":"firing"}', port: 12_202 }],
      ] as const,
    },
    use: (saved) =>
      new ShippedAlerts(saved).endsOf(
        () => false,
        (subject) => subject,
        Date.now(),
      ),
  }),
  'http-check': kind({
    parse: parseEndpoint,
    state: { url: 'http://a.example/', state: { state: 'down', failures: 3, failingSinceMs: 1_795_456_800_000 } },
    use: (saved) => new EndpointStates(POLICY, saved).applyResult(saved.url, true, Date.now()),
  }),
  alert: kind({
    parse: parseSavedAlert,
    state: alertState(ALERT).core.save(Date.now()),
    use: (state) => {
      const bench = new AlertBench(ALERT, Date.now());
      bench.kept = state;
      bench.kill();
      for (const k of ['a', 'b']) bench.take({ k, v: 90, event_id: k });
      bench.pass(90_000, 10_000);
      return bench.core.save(bench.nowMs);
    },
  }),
  'alert with a limit': kind({
    parse: parseSavedAlert,
    state: alertState({ kind: 'limit', field: 'v', limit: '80', forSeconds: '60', each: ['k'] }).core.save(Date.now()),
    use: (state) => {
      const bench = new AlertBench({ kind: 'limit', field: 'v', limit: '80', each: ['k'] }, Date.now());
      bench.kept = state;
      bench.kill();
      for (const v of [90, 10]) bench.take({ k: 'a', v });
      bench.pass(90_000, 10_000);
    },
  }),
  notify: kind({
    parse: parseOutboxState,
    state: {
      waiting: [alertOf({ payload: { alert_state: 'firing', alert_name: 'n', alert_value: 1.5 }, alert_node: 'a' }, 5)],
      told: {
        told: [
          {
            alert: alertOf({ payload: { alert_state: 'firing', alert_name: 'm' } }, 4),
            state: 'told',
            severity: 'error',
          },
        ],
        eventIds: ['a', 'b'],
      },
      stopped: { place: '0123456789abcdef', reason: 'HTTP 404' },
      success: { place: '0123456789abcdef', atMs: 1_795_456_800_000 },
      moved: { place: '0123456789abcdef', chat: '-100' },
    },
    use: ({ waiting, told }) => plan(waiting, new ToldLog(told).of),
  }),
  uptime: kind({
    parse: parseBoot,
    state: { id: 'a-b', uptimeSeconds: 7200.5, seenMs: 1_795_456_800_000 },
    use: (boot) => rebootRecord(boot, { id: 'c', uptimeSeconds: 1, seenMs: Date.now() }, 'h'),
  }),
};

/** What a text can become: any JSON, a flipped bit, a cut, a value replaced by another. */
function damaged(good: string): fc.Arbitrary<Buffer> {
  const at = fc.nat({ max: good.length - 1 });
  const flipped = fc.tuple(at, fc.nat({ max: 7 })).map(([index, bit]) => {
    const bytes = Buffer.from(good);
    bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
    return bytes;
  });
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(-1, 1e10, 1e300, 4e12, '4102444800000000000', '\0', null, [], {}),
  );
  const replaced = fc.tuple(fc.nat({ max: 30 }), odd).map(([nth, value]) => Buffer.from(replaceNth(good, nth, value)));
  return fc.oneof(
    fc.json().map((text) => Buffer.from(text)),
    at.map((length) => Buffer.from(good.slice(0, length))),
    flipped,
    replaced,
  );
}

/** The JSON without checksum and version, as 0.1.0 wrote it, with another value for its nth member. */
function replaceNth(text: string, nth: number, value: unknown): string {
  let left = nth;
  const { version: _, checksum: __, ...state } = JSON.parse(text) as { version: unknown; checksum: unknown };
  return JSON.stringify(state, (_key, old: unknown) => {
    left -= 1;
    return left === -1 ? value : old;
  }) as string;
}

for (const [name, { parse, state, use }] of Object.entries(KINDS)) {
  test(`the state file of ${name} is read back, and what damages it never throws and is told`, async () => {
    const folder = temporaryFolder();
    const file = new StateFile(folder, 'x', parse);
    await file.write(state);
    assert.deepEqual(JSON.parse(JSON.stringify(file.read(() => assert.fail()))), JSON.parse(JSON.stringify(state)));
    rmSync(join(folder, STATE_FOLDER, 'previous'), { recursive: true });
    const good = readFileSync(file.path, 'utf8');
    fc.assert(
      fc.property(damaged(good), (bytes) => {
        writeFileSync(file.path, bytes);
        let told = 0;
        const found = new StateFile(folder, 'x', parse).read(({ error, sinceMs }) => {
          told += 1;
          assert.ok(error.code.startsWith('STATE_') && sinceMs <= Date.now());
        });
        assert.equal(told, found === undefined ? 1 : 0);
        if (found !== undefined) use(found);
      }),
      { numRuns: 300 },
    );
  });
}
