// The table of keys, the records that the nodes make, and the help that people read, are one.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseEvent } from '../../lib/docker/events.ts';
import { createEncoder } from '../../lib/gelf-encoder.ts';
import { type KeyKind, kindOf, RECORD_KEYS } from '../../lib/record-keys.ts';
import { DiskAssessor } from '../../nodes/disk-stats/assessor.ts';
import { readSettings } from '../../nodes/disk-stats/settings.ts';
import { usageOf } from '../../nodes/disk-stats/usage.ts';
import { eventMessage } from '../../nodes/docker-events-in/event.ts';
import { logTemplates } from '../../nodes/docker-logs-in/line/log-record.ts';
import { heartbeat } from '../../nodes/graylog-server/heartbeat.ts';
import { HostSampler } from '../../nodes/uptime/io/host-sampler.ts';
import { rebootRecord } from '../../nodes/uptime/reboot.ts';
import { uptimeRecord } from '../../nodes/uptime/uptime-record.ts';
import { eventLine } from '../support/docker-events.ts';
import { fakeContainer } from '../support/fake-engine.ts';
import { packageRoot } from '../support/node-red.ts';

type LogType = Exclude<keyof typeof RECORD_KEYS, 'envelope'>;

/** The node whose help tells the keys of a kind of record; undefined: no node sends such yet. */
const NODES: { readonly [logType in LogType]: string | undefined } = {
  docker_event: 'docker-events-in',
  docker_log: 'docker-logs-in',
  auth: 'auth-log-in',
  disk: 'disk-stats',
  uptime: 'uptime',
  http_check: 'http-check',
  heartbeat: 'graylog-server',
  filter: 'record-filter',
  alert: 'alert',
};

const NOW_MS = 1_700_000_000_123;

const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');

for (const [logType, node] of Object.entries(NODES)) {
  if (node === undefined) continue;
  test(`the help of ${node} names every key of a ${logType} record, with the unit that ends it`, () => {
    const help = read(`nodes/${node}/locales/en-US/${node}.html`);
    const keys = Object.keys(RECORD_KEYS[logType as LogType]);
    const missing = keys.filter((key) => !help.includes(`\`${key}\``));
    assert.deepEqual(missing, []);
    const told = help.split('\n').filter((line) => /^\s*- /.test(line));
    const inText = keys.filter((key) => !told.some((line) => line.includes(`\`${key}\``)));
    assert.deepEqual(inText, [], 'a key is found in a list');
    const units = keys.filter((key) => /_(?:bytes|ms|seconds|percent)$/.test(key));
    for (const key of units) {
      const line = told.find((one) => one.includes(`\`${key}\``)) ?? '';
      assert.match(line, /bytes|seconds|milliseconds|0 to 100/, `${key} has its unit`);
    }
  });
}

function fits(kind: KeyKind | undefined, value: unknown): boolean {
  if (kind === 'text') return typeof value === 'string';
  if (kind === 'integer') return Number.isSafeInteger(value);
  return kind === 'fraction' && Number.isFinite(value);
}

/** Every key is one of the table's for that kind of record, and its value is of the key's kind. */
function assertInTable(logType: LogType, record: { readonly [key: string]: unknown }, where: string): void {
  const known = { ...RECORD_KEYS[logType], ...RECORD_KEYS.envelope };
  for (const [key, value] of Object.entries(record)) {
    assert.ok(Object.hasOwn(known, key) && fits(kindOf(key), value), `${where}: ${key} ${JSON.stringify(value)}`);
  }
}

for (const [folder, logType] of [
  ['auth-log-in', 'auth'],
  ['http-check', 'http_check'],
] as const) {
  test(`every key of every case of ${folder} is in the table, and its value is of its kind`, () => {
    const files = globSync(`test/fixtures/${folder}/*/expected.json`, { cwd: packageRoot });
    assert.ok(files.length > 2);
    for (const file of files) {
      for (const record of [JSON.parse(read(file))].flat()) assertInTable(logType, record, file);
    }
  });
}

test('so is it for what a host says of itself', async () => {
  const sampler = new HostSampler(join(packageRoot, 'test/fixtures/uptime/raspberry-pi'));
  await sampler.sample();
  const stats = await sampler.sample();
  assertInTable('uptime', uptimeRecord(stats, 'h', NOW_MS), 'uptime');
  assertInTable('uptime', uptimeRecord(await new HostSampler('/').sample(), 'h', NOW_MS), 'uptime of this host');
  const before = { id: 'a', uptimeSeconds: 3.25, seenMs: NOW_MS - 10_000.5 };
  assertInTable('uptime', rebootRecord(before, { id: 'b', uptimeSeconds: 1.75, seenMs: NOW_MS }, 'h'), 'reboot');
});

test('so is it for filesystems, whatever the sizes of their blocks are', () => {
  const settings = readSettings({});
  assert.ok(!('wrong' in settings));
  const mount = { device: '/dev/vda', mount: '/', fsType: 'ext4', deviceId: '254:0', root: '/' };
  const count = fc.nat({ max: 2 ** 31 });
  fc.assert(
    fc.property(
      fc.constantFrom(512, 4096, 65_536),
      count,
      count,
      count,
      count,
      (bsize, blocks, bfree, files, ffree) => {
        const usage = usageOf({ bsize, blocks, bfree, bavail: bfree, files, ffree });
        const container = { id: 'c', name: 'n', writtenBytes: 7, totalBytes: 9 };
        const containers = new Map([['/', container]]);
        const [found] = new DiskAssessor(settings, 'h', String).assess([{ mount, usage }], NOW_MS, containers);
        assertInTable('disk', found?.record ?? {}, 'disk');
      },
    ),
  );
});

test('so is it for events and lines of containers', () => {
  const attributes = { exitCode: '137', image: 'nginx:1', name: 'web', signal: '9' };
  assertInTable('docker_event', eventMessage(parseEvent(eventLine('die', attributes)), 'h').payload, 'event');
  const container = { id: 'x'.repeat(64), name: 'web', image: 'nginx:1', labels: {} };
  const [, stdout, stderr] = logTemplates(container, fakeContainer('id'), 'h');
  for (const { payload } of [stdout, stderr]) assertInTable('docker_log', payload, 'line');
});

test('so is it for a heartbeat', () => {
  const counters = { received: 10, sent: 7, dropped: 2, retried: 3, buffered: 1, newlyDropped: 0 };
  const versions = { packageVersion: '1.0.0', nodeRedVersion: '5.0.7' };
  const { short_message, timestamp, ...fields } = heartbeat(
    { ...counters, ...versions, lagMs: 0.5, uptimeMs: 100.25 },
    'h',
    NOW_MS,
  );
  assertInTable('heartbeat', fields, 'heartbeat');
  const document = createEncoder()({ short_message, timestamp, ...fields, delivery_lag_ms: 0 });
  assert.match(document, /"_delivery_lag_ms":0\.0,"_sender_uptime_seconds":0\.1,/);
  assert.match(document, /"_records_received":10,/);
});
