import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertOf } from '../../../nodes/notify/alert.ts';
import { Waiting } from '../../../nodes/notify/waiting.ts';
import { alertMsg, endOf, NOW_MS } from '../../support/notify.ts';

const nothing = (): undefined => undefined;

test('the collection runs from the first, with a jitter that keeps many hosts apart, and a clock set back does not prolong it', () => {
  const waiting = new Waiting(10_000);
  assert.equal(waiting.dueMs(NOW_MS, 0), Number.POSITIVE_INFINITY);
  waiting.add(alertOf(alertMsg(), NOW_MS), nothing);
  waiting.add(alertOf(alertMsg(), NOW_MS + 9_000), nothing);
  assert.equal(waiting.dueMs(NOW_MS + 9_000, 0), NOW_MS + 10_000);
  assert.equal(waiting.dueMs(NOW_MS + 9_000, 1), NOW_MS + 15_000);
  assert.equal(waiting.dueMs(NOW_MS - 3_600_000, 0), NOW_MS - 3_600_000 + 10_000);
});

test('of more than a thousand the shortest go first: what was and is over, then the oldest', () => {
  const waiting = new Waiting(10_000);
  const add = (msg: object) => waiting.add(alertOf(msg, NOW_MS), nothing);
  const brief = alertMsg();
  const first = alertMsg();
  add(first);
  add(brief);
  add(endOf(brief));
  for (let index = 3; index < 1_000; index += 1) assert.deepEqual(add(alertMsg()), []);
  assert.deepEqual(
    add(alertMsg()).map(({ id }) => id),
    [brief.payload.alert_id, brief.payload.alert_id],
  );
  assert.equal(add(alertMsg()).length, 0);
  assert.deepEqual(
    add(alertMsg()).map(({ id }) => id),
    [first.payload.alert_id],
  );
});
