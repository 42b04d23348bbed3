import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partOf, possibleFigures } from '../../../lib/figure.ts';

test('figures beyond what their key can have are left out', () => {
  const beyond = {
    disk_total_bytes: 2 ** 64,
    disk_used_bytes: -1,
    disk_available_bytes: 0.5,
    disk_used_percent: 100.1,
    disk_inodes_used_percent: -400,
    disk_full_in_seconds: -1,
    uptime_seconds: 1e12,
    load_1m: -0.1,
    load_per_core_1m: 1e12,
    users: 1.5,
    cpu_count: -4,
    memory_total_bytes: 2 ** 63,
    swap_used_percent: Number.NaN,
  };
  assert.deepEqual(possibleFigures(beyond), {});
});

test('figures at the ends of their range stay, and so does all that is none', () => {
  const fields = {
    disk_total_bytes: 2 ** 63 - 1024,
    disk_used_bytes: 0,
    disk_used_percent: 100,
    uptime_seconds: 0,
    load_1m: 10_000,
    users: 0,
    disk_mount: '/',
    container_id: undefined,
  };
  const { container_id: _absent, ...rest } = fields;
  assert.deepEqual(possibleFigures(fields), rest);
});

test('a part is cut to its whole where it is a little more, and unknown where it is far more or less than nothing', () => {
  assert.equal(partOf(40, 100), 40);
  assert.equal(partOf(100.5, 100), 100);
  assert.equal(partOf(102, 100), undefined);
  assert.equal(partOf(-1, 100), undefined);
  assert.equal(partOf(Number.NaN, 100), undefined);
  assert.equal(partOf(0, 0), 0);
  assert.equal(partOf(undefined, 1), undefined);
});
