import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DroppedRecords } from '../../../nodes/graylog-server/dropped-records.ts';

test('the first dropped records are told at once, what follows once a minute, and nothing is told twice', () => {
  const dropped = new DroppedRecords(7);
  assert.equal(dropped.take(7, 0), 0, 'what was dropped before the start is no news');
  assert.equal(dropped.take(10, 5_000), 3);
  assert.equal(dropped.take(4_000, 64_999), 0);
  assert.equal(dropped.take(5_010, 65_000), 5_000);
  assert.equal(dropped.take(5_010, 200_000), 0);
});
