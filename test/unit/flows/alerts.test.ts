// What the rules of the default flow make of records: the flow's own settings, in the node's own code.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { FilterConfig } from '../../../nodes/record-filter/settings.ts';
import { AlertBench, MINUTE } from '../../support/alert-bench.ts';
import { filterOf } from '../../support/record-filter.ts';

interface Part {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly wires?: string[][];
}

const flow = JSON.parse(
  readFileSync(new URL('../../../flows/infrastructure-monitoring.json', import.meta.url), 'utf8'),
) as Part[];

function part(type: string, name: string): Part {
  const found = flow.find((one) => one.type === type && one.name === name);
  assert.ok(found, `the default flow has ${name}`);
  return found;
}

const told = (bench: AlertBench): string[] =>
  bench.said.map(({ record }) => `${record.alert_key}: ${record.alert_state}`);

const disk = (disk_mount: string, disk_state: string, disk_fs_type = 'ext4') => ({
  ...{
    log_type: 'disk',
    host: 'web1',
    disk_mount,
    disk_state,
    disk_fs_type,
    message: `${disk_mount} is ${disk_state}`,
  },
});

test('a disk that is full or missing rings once for each mount, and again when it is fine', () => {
  const bench = new AlertBench(part('alert', 'disk full or missing'));
  for (const state of ['ok', 'warning', 'critical', 'critical', 'stale', 'critical']) {
    bench.pass(MINUTE);
    bench.take(disk('/', state));
  }
  assert.deepEqual(told(bench), ['/: firing']);
  assert.equal(bench.said[0]?.record.level, 3);
  assert.match(String(bench.said[0]?.record.message), /^firing: disk full or missing, \/: .*critical/);
  bench.pass(MINUTE);
  bench.take(disk('/data', 'missing'));
  bench.take(disk('/', 'warning'));
  assert.deepEqual(told(bench), ['/: firing', '/data: firing', '/: resolved']);
});

test('a full disk under fifty containers, through Deploys and restarts, rings once and is over once', () => {
  const bench = new AlertBench(part('alert', 'disk full or missing'));
  const minute = (state: string): void => {
    bench.pass(MINUTE);
    bench.take(disk('/', state));
    for (let n = 0; n < 50; n += 1) bench.take(disk(`/var/lib/docker/overlay2/${n}/merged`, state, 'overlay'));
  };
  minute('ok');
  for (let n = 0; n < 60; n += 1) {
    minute('critical');
    if (n % 5 === 4) bench.kill();
  }
  minute('ok');
  const ids = new Set(bench.said.map(({ record }) => record.event_id));
  assert.equal(ids.size, 2, told(bench).join(', '));
});

test('a container’s own root rings, although it is an overlay', () => {
  const bench = new AlertBench(part('alert', 'disk full or missing'));
  bench.take(disk('/', 'critical', 'overlay'));
  assert.deepEqual(told(bench), ['/: firing']);
});

test('a check that is down rings once, paused changes nothing, and up ends it', () => {
  const bench = new AlertBench(part('alert', 'http check down'));
  for (const check_state of ['up', 'down', 'down', 'paused', 'down', 'up', 'up']) {
    bench.pass(MINUTE);
    bench.take({
      log_type: 'http_check',
      host: 'web1',
      check_name: 'shop',
      check_state,
      message: `shop ${check_state}`,
    });
  }
  assert.deepEqual(told(bench), ['shop: firing', 'shop: resolved']);
});

test('squashfs, which is always full, is left out, and what has no type is not', () => {
  const filter = filterOf(part('record-filter', 'which filesystems?') as FilterConfig);
  assert.equal(filter.judge(disk('/snap/core', 'critical', 'squashfs'), 0), 'rules');
  assert.equal(filter.judge(disk('/', 'ok'), 0), 'pass');
  assert.equal(filter.judge({ log_type: 'disk', disk_state: 'missing' }, 0), 'pass');
});

test('every wire and link of the default flow leads to a node that is there', () => {
  const ids = new Set(flow.map(({ id }) => id));
  for (const { id, wires = [], ...rest } of flow) {
    const { links = [], nodes = [] } = rest as { links?: string[]; nodes?: string[] };
    for (const other of [...wires.flat(), ...links, ...nodes]) assert.ok(ids.has(other), `${id} leads to ${other}`);
  }
});
