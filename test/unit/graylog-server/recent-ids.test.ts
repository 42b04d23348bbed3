import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecentIds } from '../../../nodes/graylog-server/recent-ids.ts';

test('a record that is read again after each of two redeploys in a row is a repeat both times', () => {
  const first = new RecentIds(16);
  assert.equal(first.checkRepeat('a', 0), false);
  const second = new RecentIds(16);
  second.restore(first.fingerprints(3_000, 100), 60_000, 200);
  assert.equal(second.checkRepeat('a', 300), true);
  const third = new RecentIds(16);
  third.restore(second.fingerprints(3_000, 400), 60_000, 500);
  assert.equal(third.checkRepeat('a', 600), true);
  assert.equal(third.checkRepeat('b', 600), false);
});

test('a record is a repeat once, and only within the time that the earlier run counts for', () => {
  const before = new RecentIds(16);
  for (const id of ['a', 'b']) before.checkRepeat(id, 0);
  const ids = new RecentIds(16);
  ids.restore(before.fingerprints(3_000, 0), 60_000, 1_000);
  assert.equal(ids.checkRepeat('a', 1_001), true);
  assert.equal(ids.checkRepeat('a', 1_002), false);
  assert.equal(ids.checkRepeat('b', 61_001), false);
});

test('only the last records are remembered: those within the time, and no more than there is room for', () => {
  const ids = new RecentIds(4);
  for (const [at, id] of ['a', 'b', 'c', 'd', 'e', 'f'].entries()) ids.checkRepeat(id, at * 1_000);
  assert.equal(ids.fingerprints(10_000, 5_000).length, 4);
  assert.equal(ids.fingerprints(1_000, 5_000).length, 2);
  const newest = new RecentIds(4);
  newest.checkRepeat('f', 0);
  assert.deepEqual(ids.fingerprints(0, 5_000), newest.fingerprints(0, 0));
});

test('a run that took nothing in leaves nothing to be a repeat', () => {
  const ids = new RecentIds(4);
  ids.restore([], 60_000, 0);
  assert.equal(ids.checkRepeat('a', 1), false);
});

test('what was taken in within the time is remembered however fast it came, the oldest first', () => {
  const count = 70_000;
  // All room is taken by old ids, not to its end, before the burst.
  const ids = new RecentIds(262_144, 1_000);
  for (let n = 0; n < 700; n += 1) ids.checkRepeat(`old ${n}`, 0);
  for (let n = 0; n < 900; n += 1) ids.checkRepeat(`later ${n}`, 10_000 + n);
  for (let n = 0; n < count; n += 1) ids.checkRepeat(`new ${n}`, 10_900);
  const found = ids.fingerprints(1_000, 10_900);
  assert.equal(found.length, 900 + count);
  const asked = new RecentIds(1);
  const last = ['later 0', 'later 899', 'new 0', `new ${count - 1}`].map((id) => {
    asked.checkRepeat(id, 0);
    return asked.fingerprints(0, 0)[0];
  });
  assert.deepEqual([found[0], found[899], found[900], found.at(-1)], last);
});

test('records that come slowly take little memory, however many they become', () => {
  const before = process.memoryUsage().arrayBuffers;
  const ids = new RecentIds(262_144, 10_000);
  for (let n = 0; n < 50_000; n += 1) ids.checkRepeat(`id ${n}`, n * 1_000);
  assert.ok(process.memoryUsage().arrayBuffers - before < 100_000);
  assert.equal(ids.fingerprints(10_000, 49_999_000).length, 11);
});
