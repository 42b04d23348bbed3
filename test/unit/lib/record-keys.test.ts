import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { kindOf, numberText, RECORD_KEYS } from '../../../lib/record-keys.ts';

test('`kindOf()` gives the kind of every key of our records, one kind whatever record it is in', () => {
  for (const keys of Object.values(RECORD_KEYS)) {
    for (const [key, kind] of Object.entries(keys)) assert.equal(kindOf(key), kind, key);
  }
});

test("`kindOf()` goes by the ending of a user's own key", () => {
  for (const key of ['queue_bytes', 'records_lost']) assert.equal(kindOf(key), 'integer', key);
  for (const key of ['hit_ratio', 'cache_percent', 'wait_ms', 'age_seconds', 'load_30m', 'json_a_b_number']) {
    assert.equal(kindOf(key), 'fraction', key);
  }
  for (const key of ['temperature', 'bytes', 'retry_count', 'json_a', 'ms', 'toString', '__proto__']) {
    assert.equal(kindOf(key), undefined, key);
  }
});

test('a fraction is always written with a point, an integer never, anything else as it is', () => {
  assert.equal(numberText('fraction', 100), '100.0');
  assert.equal(numberText('fraction', -0.5), '-0.5');
  assert.equal(numberText('integer', 1.5), '2');
  assert.equal(numberText('integer', -0.4), '0');
  assert.equal(numberText(undefined, 7), '7');
  assert.equal(numberText(undefined, 7.25), '7.25');
});

test('what `numberText()` writes is JSON of the same number, and keeps its kind', () => {
  fc.assert(
    fc.property(fc.double({ min: -3e38, max: 3e38, noNaN: true }), (value) => {
      assert.equal(JSON.parse(numberText('fraction', value)), value === 0 ? 0 : value);
      assert.match(numberText('fraction', value), /[.e]/);
      assert.match(numberText('integer', value), /^-?\d+$/);
    }),
  );
});

test('whole digits never have more than 64 bits, whatever the kind', () => {
  for (const value of [2 ** 63, -(2 ** 64), 25_055_779_323_034_050_000, 9e20]) {
    for (const kind of [undefined, 'integer'] as const) {
      const digits = BigInt(numberText(kind, value));
      assert.equal(BigInt.asIntN(64, digits), digits);
    }
  }
  assert.equal(numberText(undefined, 1e21), '1e+21');
  assert.equal(numberText(undefined, 2 ** 62), '4611686018427388000');
});

test('a number that the index has no room for becomes the largest that it has room for', () => {
  for (const sign of [1, -1]) {
    const long = BigInt(numberText('integer', sign * 2 ** 70));
    assert.ok(BigInt.asIntN(64, long) === long, `${long}`);
    for (const kind of ['fraction', undefined] as const) {
      const float = Number(numberText(kind, sign * 1e300));
      assert.ok(Number.isFinite(Math.fround(float)), `${float}`);
    }
  }
});
