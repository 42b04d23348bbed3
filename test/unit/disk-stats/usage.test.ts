import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bytesText, parseStat, usageOf } from '../../../nodes/disk-stats/usage.ts';

test('usageOf() counts as df does: reserve neither available nor in the percentage', () => {
  const usage = usageOf({ bsize: 4096, blocks: 1000, bfree: 250, bavail: 200, files: 100, ffree: 50 });
  assert.equal(usage.totalBytes, 4_096_000);
  assert.equal(usage.usedBytes, 750 * 4096);
  assert.equal(usage.availableBytes, 200 * 4096);
  assert.equal(usage.usedPercent, 79);
  assert.equal(usage.inodesUsedPercent, 50);
});

test('usageOf() rounds up so that the next whole percent is the one df prints', () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.nat(10_000_000), fc.nat(1_000_000), (used, available, reserve) => {
      const stat = { bsize: 1, blocks: used + available + reserve, bfree: available + reserve, bavail: available };
      const { usedPercent } = usageOf({ ...stat, files: 0, ffree: 0 });
      const df =
        used === 0 ? 0 : Math.floor((used * 100) / (used + available)) + ((used * 100) % (used + available) ? 1 : 0);
      assert.equal(Math.ceil(usedPercent), df);
    }),
  );
});

test('usageOf() takes a count below nothing as nothing and leaves out inodes that are not counted', () => {
  const usage = usageOf({ bsize: 1, blocks: 10, bfree: 1, bavail: 2 ** 64 - 5, files: 0, ffree: 0 });
  assert.equal(usage.availableBytes, 0);
  assert.equal(usage.usedPercent, 100);
  assert.equal(usage.inodesUsedPercent, undefined);
});

test('parseStat() reads the six numbers and refuses anything else', () => {
  assert.equal(parseStat('4096 1000 250 200 100 50\n')?.bavail, 200);
  for (const text of ['', '4096 1000', 'a b c d e f', '1 2 3 4 5 6 7']) assert.equal(parseStat(text), undefined);
});

test('bytesText() is short, in powers of 1024', () => {
  const texts = [0, 1023, 1024, 1536, 100 * 1024 ** 2, 12.34 * 1024 ** 3, 1024 ** 6].map(bytesText);
  assert.deepEqual(texts, ['0', '1023', '1.0K', '1.5K', '100M', '12.3G', '1024P']);
});
