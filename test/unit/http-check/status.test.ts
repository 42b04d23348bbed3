import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyResult, type CheckState, INITIAL } from '../../../nodes/http-check/state.ts';
import { statusOf } from '../../../nodes/http-check/status.ts';
import { exchange, policy } from '../../support/http-exchange.ts';

test('the status says what failed, how often, and since when it is down', () => {
  const failure = { type: 'timeout', reason: 'r' } as const;
  const shown = (state: CheckState, nowMs: number) =>
    statusOf(exchange(), failure, applyResult(state, false, nowMs, policy), 14);
  assert.deepEqual(shown(INITIAL, 0), { state: 'warning', key: 'failing', args: { type: 'timeout', failures: 1 } });
  const down: CheckState = { state: 'down', failures: 5, failingSinceMs: 0 };
  assert.deepEqual(shown(down, 185_000), { state: 'bad', key: 'down', args: { type: 'timeout', span: '3 min' } });
});

test('a certificate that is about to end is a warning', () => {
  const verdict = applyResult(INITIAL, true, 0, policy);
  const part = exchange({ tlsDaysLeft: 5 });
  assert.deepEqual(statusOf(part, undefined, verdict, 14), {
    state: 'warning',
    key: 'expiring',
    args: { code: 200, ms: 34, days: 5 },
  });
  assert.equal(statusOf(part, undefined, verdict, undefined).key, 'answered');
});
