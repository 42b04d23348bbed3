import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type HostStats, loadText, uptimeRecord } from '../../../nodes/uptime/uptime-record.ts';

const stats: HostStats = {
  uptimeSeconds: 4_673_280.25,
  bootId: 'b',
  load1m: 0.5,
  load5m: 1,
  load15m: 2,
  cpuCount: 4,
  cpuPercent: 12.34,
  users: 1,
  memoryTotalBytes: 4000,
  memoryAvailableBytes: 1000,
  swapTotalBytes: 200,
  swapFreeBytes: 150,
};

test('uptimeRecord() has the keys of the contract, and load, memory and swap as shares', () => {
  assert.deepEqual(uptimeRecord(stats, 'web1', 1_700_000_000_000), {
    log_type: 'uptime',
    time: '2023-11-14T22:13:20.000Z',
    host: 'web1',
    level: 6,
    message: 'up 54 d 2 h, 1 user, load average: 0.50, 1.00, 2.00',
    event_id: 'uptime-web1-1700000000000',
    uptime_seconds: 4_673_280,
    load_1m: 0.5,
    load_5m: 1,
    load_15m: 2,
    load_per_core_1m: 0.125,
    load_per_core_5m: 0.25,
    load_per_core_15m: 0.5,
    cpu_count: 4,
    cpu_percent: 12.3,
    users: 1,
    memory_total_bytes: 4000,
    memory_available_bytes: 1000,
    memory_used_percent: 75,
    swap_total_bytes: 200,
    swap_used_bytes: 50,
    swap_used_percent: 25,
  });
});

test('uptimeRecord() leaves out what the host cannot tell', () => {
  const unknown = {
    users: undefined,
    cpuPercent: undefined,
    memoryAvailableBytes: undefined,
    swapTotalBytes: 0,
    swapFreeBytes: 0,
  };
  const made = uptimeRecord({ ...stats, ...unknown }, 'web1', 0);
  for (const key of ['users', 'cpu_percent', 'memory_available_bytes', 'memory_used_percent', 'swap_used_percent'])
    assert.equal(key in made, false, key);
  assert.equal(made.swap_used_bytes, 0);
});

test('loadText() has two decimals, as `uptime` prints it', () => {
  assert.equal(loadText(1), '1.00');
});

test('a system that counts no load has none, rather than 0', () => {
  const made = uptimeRecord({ ...stats, load1m: undefined, load5m: undefined, load15m: undefined }, 'web1', 0);
  assert.equal(made.message, 'up 54 d 2 h, 1 user');
  assert.deepEqual(
    Object.keys(made).filter((key) => key.startsWith('load_')),
    [],
  );
});

test('figures that a container is told wrong are cut to what there is, or left out', () => {
  const swap = { swapTotalBytes: 1024 ** 3, swapFreeBytes: 1024 ** 3 + 65_536 };
  const { swap_used_bytes, swap_used_percent } = uptimeRecord({ ...stats, ...swap }, 'web1', 0);
  assert.deepEqual([swap_used_bytes, swap_used_percent], [0, 0]);
  const far = uptimeRecord({ ...stats, swapTotalBytes: 1024, swapFreeBytes: 2 ** 64 }, 'web1', 0);
  assert.deepEqual(
    ['swap_used_bytes', 'swap_used_percent'].map((key) => key in far),
    [false, false],
  );
});

test('whatever a host tells, a record has no figure that cannot be', () => {
  const figure = fc.oneof(fc.double(), fc.constantFrom(-1, 0, 2 ** 53, 2 ** 63, 2 ** 64));
  const maybe = fc.option(figure, { nil: undefined });
  const told = fc.record({
    uptimeSeconds: figure,
    bootId: fc.constant('b'),
    load1m: figure,
    load5m: figure,
    load15m: figure,
    cpuCount: figure,
    cpuPercent: maybe,
    users: maybe,
    memoryTotalBytes: figure,
    memoryAvailableBytes: maybe,
    swapTotalBytes: maybe,
    swapFreeBytes: maybe,
  });
  fc.assert(
    fc.property(told, (sample) => {
      for (const [key, value] of Object.entries(uptimeRecord(sample, 'web1', 0))) {
        if (typeof value !== 'number') continue;
        assert.ok(value >= 0 && value < 2 ** 63, `${key} ${value}`);
        if (key.endsWith('_percent')) assert.ok(value <= 100, `${key} ${value}`);
      }
    }),
  );
});
