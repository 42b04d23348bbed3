import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  cpuPercent,
  isUserSession,
  parseCpuCount,
  parseCpuTicks,
  parseLoad,
  parseMeminfo,
  parseUptime,
} from '../../../nodes/uptime/proc.ts';

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

test('the parsers of /proc read what a kernel writes', () => {
  assert.equal(parseCpuCount('cpu  1 2\ncpu0 1 2\ncpu1 1 2\nintr 5\n'), 2);
  assert.deepEqual(parseLoad('0.50 1.00 2.00 1/123 4567\n'), [0.5, 1, 2]);
  assert.equal(parseUptime('4673280.25 9000.00\n'), 4_673_280.25);
  const { MemTotal, SwapFree } = parseMeminfo('MemTotal:        4 kB\nHugePages_Total: 7\nSwapFree: 0 kB\n');
  assert.deepEqual([MemTotal, SwapFree], [4096, 0]);
});
