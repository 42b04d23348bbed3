import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DelayedPosition } from '../../../lib/delayed-position.ts';

const DELAY = 900;

test('nothing is safe before the delay has passed', () => {
  const delayed = new DelayedPosition<number>(() => DELAY);
  assert.equal(delayed.safe(0), undefined);
  delayed.reached(1, 0);
  assert.equal(delayed.safe(DELAY - 1), undefined);
  assert.equal(delayed.safe(DELAY), 1);
});

test('the newest position that is old enough is the safe one', () => {
  const delayed = new DelayedPosition<string>(() => DELAY);
  delayed.reached('a', 0);
  delayed.reached('b', 500);
  delayed.reached('c', 1000);
  assert.equal(delayed.safe(1400), 'b');
  assert.equal(delayed.safe(1900), 'c');
});

test('a position stays safe while nothing newer comes', () => {
  const delayed = new DelayedPosition<string>(() => DELAY);
  delayed.reached('a', 0);
  assert.equal(delayed.safe(DELAY), 'a');
  assert.equal(delayed.safe(DELAY * 100), 'a');
});

test('a position is never safe early and at most a step late, whatever the times', () => {
  const gaps = fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(gaps, (steps) => {
      const delayed = new DelayedPosition<number>(() => DELAY);
      const handedOn: number[] = [];
      let nowMs = 0;
      for (const gap of steps) {
        nowMs += gap;
        delayed.reached(handedOn.push(nowMs) - 1, nowMs);
        const safe = delayed.safe(nowMs);
        const age = (position: number): number => nowMs - (handedOn[position] ?? 0);
        if (safe !== undefined) assert.ok(age(safe) >= DELAY, `${safe} was safe after ${age(safe)} ms`);
        const overdue = handedOn.findLastIndex((_, position) => age(position) >= DELAY + DELAY / 10);
        assert.ok(overdue <= (safe ?? -1), `${overdue} was due, ${safe} is safe`);
      }
    }),
  );
});

test('a source that advances all the time is safe up to the delay', () => {
  const delayed = new DelayedPosition<number>(() => DELAY);
  for (let nowMs = 0; nowMs <= 10_000; nowMs += 1) delayed.reached(nowMs, nowMs);
  const safe = delayed.safe(10_000) ?? 0;
  assert.ok(safe <= 10_000 - DELAY && safe >= 10_000 - DELAY * 1.1 - 1, String(safe));
});

test('a delay that grows holds back what comes then, and leaves safe what was safe', () => {
  let delayMs = 900;
  const delayed = new DelayedPosition<string>(() => delayMs);
  delayed.reached('a', 0);
  delayed.reached('b', 500);
  assert.equal(delayed.safe(900), 'a');
  delayMs = 6_000;
  assert.equal(delayed.safe(1_500), 'a');
  assert.equal(delayed.safe(6_499), 'a');
  assert.equal(delayed.safe(6_500), 'b');
});
