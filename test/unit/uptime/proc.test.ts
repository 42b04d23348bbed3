import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  availableMemory,
  cpuPercent,
  isUserSession,
  parseArcstats,
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

const ARCSTATS = `13 1 0x01 147 39984 4534539434 8766391427264
name                            type data
hits                            4    1188117
c                               4    16872087552
c_min                           4    1072087552
size                            4    16872087552
compressed_size                 4    1
`;

test('the cache of ZFS above its least part is available memory', () => {
  const cache = parseArcstats(ARCSTATS);
  assert.deepEqual(cache, { size: 16_872_087_552, least: 1_072_087_552 });
  const memory = { MemTotal: 32e9, MemFree: 1e9, MemAvailable: 1.5e9 };
  assert.equal(availableMemory(memory, cache), 17.3e9);
  assert.equal(availableMemory(memory, undefined), 1.5e9);
  assert.equal(availableMemory(memory, { size: 1e9, least: 2e9 }), 1.5e9);
  assert.equal(availableMemory({ MemTotal: 2e9, MemFree: 1e9, MemAvailable: 1e9 }, cache), 1e9, "the host's cache");
  for (const text of ['', 'size 4 x', 'size  4  12\n']) assert.equal(parseArcstats(text), undefined);
});

test('more available memory than memory is unknown', () => {
  assert.equal(availableMemory({ MemTotal: 4096, MemAvailable: 8192 }, undefined), undefined);
  assert.equal(availableMemory({ MemTotal: 4096, MemAvailable: undefined }, undefined), undefined);
});
