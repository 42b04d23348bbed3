import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noCounts, parseDeliveryState } from '../../../nodes/graylog-server/delivery-state.ts';
import { RecentIds } from '../../../nodes/graylog-server/recent-ids.ts';

test('a state is read as it was written', () => {
  const ids = new RecentIds(16);
  for (const id of ['a', 'b', 'auth-3f9a-17']) ids.checkRepeat(id, 0);
  const state = { counters: { received: 5, sent: 3, dropped: 1, retried: 2 }, recent: ids.fingerprints(1_000, 0) };
  assert.equal(state.recent.length, 3);
  assert.deepEqual(parseDeliveryState(JSON.parse(JSON.stringify(state))), state);
});

test('anything else is no state', () => {
  const counters = noCounts();
  for (const value of [
    undefined,
    null,
    7,
    'text',
    [],
    {},
    { counters },
    { recent: [] },
    { counters, recent: {} },
    { counters, recent: ['a'] },
    { counters, recent: [null] },
    { counters: { ...counters, sent: '3' }, recent: [] },
    { counters: { ...counters, sent: -1 }, recent: [] },
    { counters: { received: 1 }, recent: [] },
    { counters: null, recent: [] },
  ]) {
    assert.equal(parseDeliveryState(value), undefined, JSON.stringify(value));
  }
});
