import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { numberFrom, withPoint } from '../../../../lib/rules/number-text.ts';

test('every finite number is one, also as the text that JavaScript writes', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      assert.equal(numberFrom(number), number);
      assert.equal(numberFrom(String(number).replace('e+', 'e')), Object.is(number, -0) ? 0 : number);
    }),
  );
});

test('0, -0 and "0" are numbers; what is absent, empty, infinite or written in another way is none', () => {
  assert.equal(numberFrom(0), 0);
  assert.equal(numberFrom(-0), -0);
  assert.equal(numberFrom('0.0'), 0);
  for (const value of ['', ' ', ' 9', '9 ', '1,5', '1.', '.5', '+1', '0x10', '1_000', '1e999', 'NaN', 'Infinity', '٣'])
    assert.equal(numberFrom(value), undefined, JSON.stringify(value));
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, null, true, [], [9], {}, 9n])
    assert.equal(numberFrom(value), undefined);
});

test('a decimal comma is told from what cannot be meant', () => {
  assert.equal(withPoint('1,5'), '1.5');
  for (const text of ['1.5', '1,234,5', 'a,b', ',']) assert.equal(withPoint(text), undefined);
});
