import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfirmPace } from '../../../nodes/graylog-server/confirm-pace.ts';

test('a connection that ended unconfirmed halves the time and the bytes, down to one batch; a confirmed one doubles them', () => {
  const pace = new ConfirmPace(3_000, 6_400, 100);
  assert.deepEqual([pace.ms, pace.bytes, pace.isCautious], [3_000, 6_400, false]);
  pace.failed();
  assert.deepEqual([pace.ms, pace.bytes, pace.isCautious], [1_500, 3_200, true]);
  for (let i = 0; i < 20; i += 1) pace.failed();
  assert.ok(pace.bytes < 100 && pace.bytes > 0, 'less than a batch: each is confirmed by itself');
  for (let i = 0; i < 20; i += 1) pace.confirmed();
  assert.deepEqual([pace.ms, pace.bytes, pace.isCautious], [3_000, 6_400, false]);
});

test('no time is never', () => {
  assert.deepEqual([new ConfirmPace(0, 1, 1).isOn, new ConfirmPace(1, 1, 1).isOn], [false, true]);
});
