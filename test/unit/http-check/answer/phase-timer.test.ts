import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PhaseTimer } from '../../../../nodes/http-check/answer/phase-timer.ts';

test('a timer adds up a phase that comes again, and the phases never exceed the whole', () => {
  let clock = 100;
  const timer = new PhaseTimer(() => clock);
  for (const [phase, took] of [
    ['dns', 5],
    ['connect', 3],
    ['dns', 2],
  ] as const) {
    timer.enter(phase);
    clock += took;
  }
  assert.equal(timer.end(), 10);
  assert.deepEqual(timer.ms, { dns: 7, connect: 3 });
});
