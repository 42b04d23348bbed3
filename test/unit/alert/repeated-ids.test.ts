import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NumberSet } from '../../../nodes/alert/number-set.ts';
import { RepeatedIds } from '../../../nodes/alert/repeated-ids.ts';

test('a set of numbers knows what a Set knows', () => {
  const number = fc.oneof(fc.integer({ min: 1, max: 600 }), fc.maxSafeInteger().map(Math.abs));
  fc.assert(
    fc.property(
      fc.array(
        number.filter((one) => one !== 0),
        { maxLength: 1_000 },
      ),
      (numbers) => {
        const [set, model] = [new NumberSet(), new Set<number>()];
        for (const one of numbers) {
          assert.equal(set.has(one), model.has(one));
          set.add(one);
          model.add(one);
          assert.equal(set.size, model.size);
        }
        set.clear();
        assert.ok(!numbers.some((one) => set.has(one)));
        assert.equal(set.size, 0);
      },
    ),
    { numRuns: 50 },
  );
});

test('the last four thousand ids are known, however many came, and older ones are forgotten', () => {
  const ids = new RepeatedIds();
  for (let n = 0; n < 30_000; n += 1) {
    assert.ok(!ids.isRepeat(`id-${n}`), `${n} is new`);
    const back = n - (n % 4_096);
    assert.ok(n === back || ids.isRepeat(`id-${back}`), `${back} is known at ${n}`);
  }
  assert.ok(!ids.isRepeat('id-0'), 'the first is forgotten');
  assert.equal(ids.saved.length, 4_096);
  const after = new RepeatedIds(ids.saved);
  assert.ok(after.isRepeat('id-29999') && after.isRepeat('id-26000') && after.isRepeat('id-0'));
  assert.ok(!after.isRepeat('id-25000'));
});
