import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Grade, grade, worse } from '../../../nodes/disk-stats/thresholds.ts';

test('grade() is entered at the threshold and left only below the hysteresis', () => {
  const thresholds = { warning: 80, critical: 90, hysteresis: 2 };
  const seen: Grade[] = [];
  let before: Grade = 'ok';
  for (const percent of [79.9, 80, 79, 78, 77.9, 90, 88.5, 87.9, 100, 10]) {
    before = grade(percent, before, thresholds);
    seen.push(before);
  }
  const expected = 'ok warning warning warning ok critical critical warning critical ok';
  assert.equal(seen.join(' '), expected);
});

test('grade() does not flap while a value trembles around a threshold by less than the hysteresis', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 78.01, max: 81.9, noNaN: true }), { minLength: 2 }), (values) => {
      let before: Grade = 'ok';
      let changes = 0;
      for (const value of values) {
        const next = grade(value, before, { warning: 80, critical: 90, hysteresis: 2 });
        if (next !== before) changes += 1;
        before = next;
      }
      assert.ok(changes <= 1);
    }),
  );
});

test('grade() never gives a grade whose threshold is off', () => {
  assert.equal(grade(100, 'ok', { warning: undefined, critical: undefined, hysteresis: 0 }), 'ok');
  assert.equal(grade(100, 'ok', { warning: 80, critical: undefined, hysteresis: 0 }), 'warning');
});

test('worse() gives the worse of two grades', () => {
  assert.equal(worse('critical', 'warning'), 'critical');
  assert.equal(worse('ok', 'warning'), 'warning');
});
