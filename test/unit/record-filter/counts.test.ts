import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Counts, parseCounts } from '../../../nodes/record-filter/counts.ts';

test('what was not told is told by the next run, as if nothing had happened between', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.string(), { nil: undefined }), { maxLength: 60 }), fc.nat(60), (keys, stop) => {
      const whole = new Counts();
      let parted = new Counts();
      for (const [at, key] of keys.entries()) {
        if (at === stop) parted = new Counts(parseCounts(JSON.parse(JSON.stringify(parted.untold ?? {}))));
        for (const counts of [whole, parted]) counts.drop(at % 3 === 0 ? 'rules' : 'limit', key);
      }
      assert.deepEqual(parted.takeDropped(), whole.takeDropped());
      assert.equal(parted.untold, undefined);
    }),
  );
});

test('what is no count in a file counts nothing', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => void new Counts(parseCounts(value)).takeDropped()));
  assert.deepEqual(parseCounts({ byRules: 1, byKey: [['a', 2], ['b', -1], [1, 1], 'x'] }), {
    byRules: 1,
    byKey: [['a', 2]],
  });
  for (const wrong of [null, 1, {}, { byRules: -1, byKey: [] }]) assert.equal(parseCounts(wrong), undefined);
});
