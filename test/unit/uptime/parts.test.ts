import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  cpuPercent,
  isUserSession,
  parseCpuTicks,
  parseLoad,
  parseMeminfo,
  parseUptime,
} from '../../../nodes/uptime/proc.ts';
import { type Boot, hasRebooted, rebootRecord, restoredBoot } from '../../../nodes/uptime/reboot.ts';
import { type HostStats, uptimeRecord } from '../../../nodes/uptime/uptime-record.ts';

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

test('cpuPercent() counts what passed between two samples, and waiting for a disk as idle', () => {
  const before = parseCpuTicks('cpu  100 0 100 800 0 0 0 0 0 0\n');
  const after = parseCpuTicks('cpu  120 0 110 840 30 0 0 0 7 0\n');
  assert.equal(cpuPercent(before, after), 30);
  assert.equal(cpuPercent(undefined, after), undefined);
  assert.equal(cpuPercent(after, after), undefined);
  assert.equal(cpuPercent(after, before), undefined);
});

test('cpuPercent() is between 0 and 100 or absent', () => {
  const line = fc.array(fc.nat(1_000_000), { minLength: 10, maxLength: 10 }).map((ticks) => `cpu  ${ticks.join(' ')}`);
  fc.assert(
    fc.property(line, line, (a, b) => {
      const percent = cpuPercent(parseCpuTicks(a), parseCpuTicks(b));
      assert.ok(percent === undefined || (percent >= 0 && percent <= 100));
    }),
  );
});

test('the parsers of /proc take anything else for absent', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      parseMeminfo(text);
      for (const value of [parseCpuTicks(text)?.total, parseLoad(text)?.[0], parseUptime(text)])
        assert.ok(value === undefined || Number.isFinite(value));
    }),
  );
  assert.equal(parseCpuTicks(''), undefined);
});

test('isUserSession() counts users and neither greeters nor sessions that end', () => {
  assert.equal(isUserSession('USER=ann\nSTATE=active\nCLASS=user\n'), true);
  assert.equal(isUserSession('USER=ann\nSTATE=closing\nCLASS=user\n'), false);
  assert.equal(isUserSession('USER=gdm\nSTATE=active\nCLASS=greeter\n'), false);
});

const before: Boot = { id: 'a', uptimeSeconds: 7200, seenMs: 1_700_000_000_000 };

test('hasRebooted() tells by the boot id, however long the host is up again', () => {
  assert.equal(hasRebooted(before, { id: 'a', uptimeSeconds: 10, seenMs: 0 }), false);
  assert.equal(hasRebooted(before, { id: 'b', uptimeSeconds: 99_999, seenMs: 0 }), true);
});

test('hasRebooted() tells by the uptime going back where there is no boot id', () => {
  const nameless = { ...before, id: undefined };
  assert.equal(hasRebooted(nameless, { ...nameless, uptimeSeconds: 7260 }), false);
  assert.equal(hasRebooted(nameless, { ...nameless, uptimeSeconds: 30 }), true);
});

test('rebootRecord() has the time of the boot and how long the host was not seen', () => {
  const after = { id: 'b', uptimeSeconds: 40, seenMs: before.seenMs + 160_000 };
  assert.deepEqual(rebootRecord(before, after, 'web1'), {
    log_type: 'uptime',
    time: '2023-11-14T22:15:20.000Z',
    host: 'web1',
    level: 4,
    message: 'web1 was rebooted, after 2 h 0 min up; not seen for 2 min',
    event_id: 'reboot-web1-b',
    event_action: 'reboot',
    uptime_seconds: 40,
    uptime_before_seconds: 7200,
    host_down_seconds: 120,
  });
});

test('restoredBoot() refuses what is no boot', () => {
  assert.deepEqual(restoredBoot(JSON.parse(JSON.stringify(before))), before);
  for (const value of [undefined, null, 'a', {}, { uptimeSeconds: 1 }]) assert.equal(restoredBoot(value), undefined);
});
