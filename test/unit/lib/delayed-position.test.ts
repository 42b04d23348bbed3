import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DelayedPosition } from '../../../lib/delayed-position.ts';

const DELAY = 900;

test('nothing is settled before the delay has passed', () => {
  const settling = new DelayedPosition<number>(DELAY);
  assert.equal(settling.safe(0), undefined);
  settling.reached(1, 0);
  assert.equal(settling.safe(DELAY - 1), undefined);
  assert.equal(settling.safe(DELAY), 1);
});

test('the newest position that is old enough is the settled one', () => {
  const settling = new DelayedPosition<string>(DELAY);
  settling.reached('a', 0);
  settling.reached('b', 500);
  settling.reached('c', 1000);
  assert.equal(settling.safe(1400), 'b');
  assert.equal(settling.safe(1900), 'c');
});

test('a position stays settled while nothing newer comes', () => {
  const settling = new DelayedPosition<string>(DELAY);
  settling.reached('a', 0);
  assert.equal(settling.safe(DELAY), 'a');
  assert.equal(settling.safe(DELAY * 100), 'a');
});

test('a position is never settled early and at most a step late, whatever the times', () => {
  const gaps = fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(gaps, (steps) => {
      const settling = new DelayedPosition<number>(DELAY);
      const handedOn: number[] = [];
      let nowMs = 0;
      for (const gap of steps) {
        nowMs += gap;
        settling.reached(handedOn.push(nowMs) - 1, nowMs);
        const settled = settling.safe(nowMs);
        const age = (position: number): number => nowMs - (handedOn[position] ?? 0);
        if (settled !== undefined) assert.ok(age(settled) >= DELAY, `${settled} was settled after ${age(settled)} ms`);
        const overdue = handedOn.findLastIndex((_, position) => age(position) >= DELAY + DELAY / 10);
        assert.ok(overdue <= (settled ?? -1), `${overdue} was due, ${settled} is settled`);
      }
    }),
  );
});

test('a source that advances all the time is settled up to the delay', () => {
  const settling = new DelayedPosition<number>(DELAY);
  for (let nowMs = 0; nowMs <= 10_000; nowMs += 1) settling.reached(nowMs, nowMs);
  const settled = settling.safe(10_000) ?? 0;
  assert.ok(settled <= 10_000 - DELAY && settled >= 10_000 - DELAY * 1.1 - 1, String(settled));
});
