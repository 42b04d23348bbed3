import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecentIds } from '../../../nodes/graylog-server/recent-ids.ts';

test('a record that is read again after each of two redeploys in a row is a repeat both times', () => {
  const first = new RecentIds(16);
  assert.equal(first.isRepeat('a', 0), false);
  const second = new RecentIds(16);
  second.restore(first.since(3_000, 100), 60_000, 200);
  assert.equal(second.isRepeat('a', 300), true);
  const third = new RecentIds(16);
  third.restore(second.since(3_000, 400), 60_000, 500);
  assert.equal(third.isRepeat('a', 600), true);
  assert.equal(third.isRepeat('b', 600), false);
});
