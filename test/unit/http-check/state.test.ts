import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyResult, type CheckState, INITIAL, parseCheckState } from '../../../nodes/http-check/state.ts';

const policy = { retries: 2, resend: 0 };

/** The states after a row of results, a second apart: `+` success, `-` failure. */
function play(results: string, with_: typeof policy = policy): string {
  let state: CheckState = INITIAL;
  return [...results]
    .map((result, second) => {
      const verdict = applyResult(state, result === '+', second * 1000, with_);
      state = verdict.next;
      const mark = verdict.changed ? '!' : verdict.remind ? '?' : '';
      return `${state.state}${mark}${verdict.downMs === undefined ? '' : verdict.downMs / 1000}`;
    })
    .join(' ');
}

test('applyResult() goes down after its retries and comes up at once, with how long it was down', () => {
  assert.equal(play('+--+---+'), 'up up up up up up down!2 up!3');
});

test('applyResult() takes the first result as a change only when it is down', () => {
  assert.equal(play('+', { retries: 0, resend: 0 }), 'up');
  assert.equal(play('-', { retries: 0, resend: 0 }), 'down!0');
});

test('applyResult() reminds at every n-th failure while down', () => {
  assert.equal(play('-------', { retries: 1, resend: 2 }), 'up down!1 down2 down?3 down4 down?5 down6');
});

test('applyResult() changes state in turns, whatever the results', () => {
  const results = fc.array(fc.boolean());
  fc.assert(
    fc.property(results, fc.nat(4), fc.nat(4), (row, retries, resend) => {
      let state: CheckState = INITIAL;
      let told = 'up';
      for (const [at, succeeded] of row.entries()) {
        const verdict = applyResult(state, succeeded, at, { retries, resend });
        assert.equal(verdict.changed, verdict.next.state !== told);
        assert.ok(!(verdict.changed && verdict.remind));
        if (verdict.next.state === 'down') assert.ok(verdict.next.failures > retries);
        told = verdict.next.state;
        state = verdict.next;
      }
    }),
  );
});

test('parseCheckState() takes what was written, and refuses everything else', () => {
  for (const state of [INITIAL, { state: 'down', failures: 3, failingSinceMs: 1000 }])
    assert.deepEqual(JSON.parse(JSON.stringify(parseCheckState(state, 2000))), JSON.parse(JSON.stringify(state)));
  const wrong = [
    undefined,
    null,
    'down',
    { state: 'down' },
    { state: 'sideways', failures: 0 },
    { state: 'up', failures: 2 },
    { state: 'down', failures: 1.5, failingSinceMs: 1 },
    { state: 'down', failures: 1, failingSinceMs: '1' },
    { state: 'down', failures: -1, failingSinceMs: 1 },
    { state: 'down', failures: 1, failingSinceMs: 4e12 },
  ];
  for (const value of wrong) assert.equal(parseCheckState(value, 2000), undefined);
});
