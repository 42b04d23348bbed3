import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EndpointStates, onClock, parseEndpoint } from '../../../nodes/http-check/endpoint-states.ts';

const policy = { retries: 0, resend: 0 };

test('endpoints have a state each', () => {
  const states = new EndpointStates(policy, undefined);
  assert.equal(states.applyResult('b', false, 1000).changed, true);
  assert.equal(states.applyResult('a', true, 1000).changed, false);
  assert.equal(states.applyResult('b', true, 3000).downMs, 2000);
});

test('what was down before a restart is up again after it, with how long it was down', () => {
  const { next } = new EndpointStates(policy, undefined).applyResult('a', false, 2000);
  const saved = parseEndpoint(JSON.parse(JSON.stringify({ url: 'a', state: next })), 12_000);
  const verdict = new EndpointStates(policy, saved).applyResult('a', true, 12_000);
  assert.deepEqual([verdict.changed, verdict.downMs], [true, 10_000]);
});

test('of very many endpoints the one that was not checked for longest is forgotten', () => {
  const states = new EndpointStates(policy, undefined);
  for (let n = 0; n <= 1_000; n += 1) states.applyResult(String(n), false, 0);
  assert.equal(states.applyResult('1', true, 0).changed, true, 'known');
  assert.equal(states.applyResult('0', true, 0).changed, false, 'forgotten');
});

test('parseEndpoint() refuses what is no endpoint', () => {
  for (const value of [undefined, null, 7, {}, { url: 'a' }, { url: 'a', state: { state: 'sideways' } }])
    assert.equal(parseEndpoint(value, 12_000), undefined);
});

test('what told nothing about an endpoint changes nothing', () => {
  const states = new EndpointStates(policy, undefined);
  assert.deepEqual(states.verdictNow('a', 0).next.state, 'up');
  states.applyResult('a', false, 1_000);
  const { next, changed, downMs } = states.verdictNow('a', 4_000);
  assert.deepEqual([next.state, next.failures, changed, downMs], ['down', 1, false, 3_000]);
});

test('onClock() keeps the span, and a clock that was set back has none', () => {
  const down = { state: 'down', failures: 1, failingSinceMs: 1_000 } as const;
  assert.equal(onClock(down, 61_000, 500_000).failingSinceMs, 440_000);
  assert.equal(onClock(down, 400, 500_000).failingSinceMs, 500_000);
});
