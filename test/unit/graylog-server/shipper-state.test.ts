import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MonitoringError } from '../../../lib/errors.ts';
import { isSameState, type ShipperState, worstState } from '../../../nodes/graylog-server/shipper-state.ts';

const away = (error: unknown): ShipperState => ({ state: 'away', endpoint: 'tcp://a:1', error });

test('two failures with the same words are the same state', () => {
  assert.ok(isSameState(away(new Error('refused')), away(new Error('refused'))));
  const status = (code: number) => new MonitoringError('HTTP_STATUS', { status: code });
  assert.ok(isSameState(away(status(503)), away(status(503))));
  assert.ok(!isSameState(away(status(503)), away(status(500))));
  assert.ok(!isSameState(away(new Error('refused')), away(new Error('reset'))));
});

test('another endpoint is another state', () => {
  assert.ok(!isSameState({ state: 'connected', endpoint: 'a' }, { state: 'connected', endpoint: 'b' }));
});

test('of several states the one that is away is shown, else the one that connects', () => {
  const connected: ShipperState = { state: 'connected', endpoint: 'a' };
  const connecting: ShipperState = { state: 'connecting', endpoint: '' };
  const lost = away(new Error('x'));
  assert.equal(worstState([connected, lost, connecting]), lost);
  assert.equal(worstState([connected, connecting]), connecting);
  assert.equal(worstState([connected]), connected);
  assert.deepEqual(worstState([]), { state: 'connecting', endpoint: '' });
});
