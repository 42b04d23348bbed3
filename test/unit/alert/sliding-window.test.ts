import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Counts, Hit } from '../../../nodes/alert/running-total.ts';
import { SlidingWindow } from '../../../nodes/alert/sliding-window.ts';

const T = 60;
const ALLOWANCE = 100;

/** Slow and obvious: every hit is kept, every moment is looked at. */
class Model {
  readonly counts: Counts;
  readonly threshold: number;
  readonly hits: Hit[] = [];

  constructor(counts: Counts, threshold: number) {
    this.counts = counts;
    this.threshold = threshold;
  }

  total(atMs: number): number {
    const inside = this.hits.filter(({ timeMs }) => timeMs > atMs - T && timeMs <= atMs);
    if (this.counts === 'distinct') return new Set(inside.map(({ value }) => value)).size;
    return inside.reduce((sum, { amount }) => sum + amount, 0);
  }

  add(hit: Hit): { isLate: boolean; reached: boolean } {
    const newest = Math.max(...this.hits.map(({ timeMs }) => timeMs));
    if (hit.timeMs <= newest - T - ALLOWANCE) return { isLate: true, reached: false };
    this.hits.push(hit);
    let reached = false;
    for (let at = hit.timeMs; at < hit.timeMs + T; at += 1) reached ||= this.total(at) >= this.threshold;
    return { isLate: false, reached };
  }

  get overUntil(): number | undefined {
    const newest = Math.max(...this.hits.map(({ timeMs }) => timeMs));
    for (let at = newest + T; at > newest - T - ALLOWANCE; at -= 1) if (this.total(at - 1) >= this.threshold) return at;
    return undefined;
  }
}

const hit = (most: number): fc.Arbitrary<Hit> =>
  fc.record({
    timeMs: fc.integer({ min: 1000, max: 1000 + most }),
    amount: fc.integer({ min: 0, max: 4 }),
    value: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  });

for (const counts of ['records', 'sum', 'distinct'] as const) {
  test(`of ${counts}, in any order, it decides as a slow model that looks at every moment`, () => {
    fc.assert(
      fc.property(fc.array(hit(400), { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (hits, threshold) => {
        const model = new Model(counts, threshold);
        const window = new SlidingWindow({ counts, threshold, windowMs: T, allowanceMs: ALLOWANCE });
        for (const one of hits) {
          const given = counts === 'records' ? { ...one, amount: 1 } : one;
          const expected = model.add(given);
          const result = window.add(given);
          assert.equal(result.isLate, expected.isLate);
          assert.equal(!result.isLate && result.reached !== undefined, expected.reached);
          if (result.isLate) continue;
          assert.equal(window.totalAt(given.timeMs), model.total(given.timeMs));
          assert.equal(window.overUntilMs, model.overUntil);
        }
      }),
    );
  });
}

test('3 before a full minute and 3 after it are 6 within a minute, and 60 s later none is left', () => {
  const window = new SlidingWindow({ counts: 'records', threshold: 6, windowMs: 60_000, allowanceMs: 0 });
  const times = [59_000, 59_100, 59_200, 61_000, 61_100, 61_200];
  const results = times.map((timeMs) => window.add({ timeMs, amount: 1, value: '' }));
  assert.deepEqual(results.at(-1), { isLate: false, reached: 6 });
  assert.deepEqual(results.at(-2), { isLate: false, reached: undefined });
  assert.equal(window.overUntilMs, 119_000);
  assert.equal(window.totalAt(121_200), 0);
});

test('it goes on after a restart where it was', () => {
  const options = { counts: 'records', threshold: 5, windowMs: 60_000, allowanceMs: 0 } as const;
  const before = new SlidingWindow(options);
  for (const timeMs of [1, 2, 3]) before.add({ timeMs, amount: 1, value: '' });
  const after = new SlidingWindow(options, JSON.parse(JSON.stringify(before.saved)));
  assert.equal(after.totalAt(3), 3);
  after.add({ timeMs: 4, amount: 1, value: '' });
  assert.deepEqual(after.add({ timeMs: 5, amount: 1, value: '' }), { isLate: false, reached: 5 });
});

test('a hundred thousand hits take the memory of some hundred, and are still too many', () => {
  for (const counts of ['records', 'sum', 'distinct'] as const) {
    const window = new SlidingWindow({ counts, threshold: 50, windowMs: 1_000_000, allowanceMs: 0 });
    for (let n = 0; n < 100_000; n += 1) window.add({ timeMs: n, amount: 1, value: String(n) });
    assert.ok(window.saved.toJSON().hits.length <= 513, counts);
    assert.ok(window.totalAt(100_000) >= 50, counts);
  }
});

test('of different values one that comes all the time pushes no other out, and memory is bounded', () => {
  const window = new SlidingWindow({ counts: 'distinct', threshold: 3, windowMs: 3_600_000, allowanceMs: 0 });
  const add = (timeMs: number, value: string) => window.add({ timeMs, amount: 1, value });
  add(0, 'rare');
  for (let n = 1; n < 10_000; n += 1) add(n, 'often');
  assert.deepEqual(add(10_000, 'third'), { isLate: false, reached: 3 });
  assert.ok(window.saved.toJSON().hits.length <= 32);
});

test('a clock that was set back moves the window along, and nothing in it lies in the future', () => {
  const window = new SlidingWindow({ counts: 'records', threshold: 3, windowMs: 60_000, allowanceMs: 0 });
  for (const timeMs of [7_200_000, 7_201_000]) window.add({ timeMs, amount: 1, value: '' });
  window.shift(-3_600_000, 3_601_000);
  assert.deepEqual(window.add({ timeMs: 3_602_000, amount: 1, value: '' }), { isLate: false, reached: 3 });
});
