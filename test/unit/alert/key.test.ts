import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KeyReader, keyFrom, keyOf, ONLY_KEY } from '../../../nodes/alert/key.ts';

test('two records share a key where all the fields are the same, and only there', () => {
  const value = fc.oneof(
    fc.string({ minLength: 1, maxLength: 4, unit: fc.constantFrom(',', '"', '[', ']', ' ', 'a') }),
    fc.integer(),
  );
  const record = fc.record({ a: value, b: value });
  fc.assert(
    fc.property(record, record, (one, other) => {
      const isSame = String(one.a) === String(other.a) && String(one.b) === String(other.b);
      assert.equal(keyOf(one, ['a', 'b'], false)?.id === keyOf(other, ['a', 'b'], false)?.id, isSame);
      assert.equal(keyOf(one, ['a'], false)?.id === keyOf(other, ['a'], false)?.id, String(one.a) === String(other.a));
    }),
  );
});

test('a record without the field has no key, or is "(none)" where that is asked for', () => {
  for (const value of [undefined, null, '']) {
    assert.equal(keyOf({ a: value, b: 1 }, ['a', 'b'], false), undefined);
    assert.equal(keyOf({ a: value, b: 1 }, ['a', 'b'], true)?.text, '(none), 1');
  }
  assert.notEqual(keyOf({ a: '' }, ['a'], true)?.id, keyOf({ a: '(none)' }, ['a'], true)?.id);
  assert.equal(keyOf({}, ['constructor'], false), undefined);
  assert.equal(keyOf({}, [], false), ONLY_KEY);
});

test('a long value is cut, and two with the same head stay two', () => {
  const [one, other] = ['x', 'y'].map((end) => keyOf({ a: 'a'.repeat(10_000) + end }, ['a'], false));
  assert.notEqual(one?.id, other?.id);
  assert.ok((one?.id.length ?? 0) < 300);
});

test('a key that was typed in is that of a record', () => {
  assert.deepEqual(keyFrom(['web1']), keyOf({ host: 'web1' }, ['host'], false));
});

test('a key that is remembered is the one that is read', () => {
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.constantFrom('web1', '(none)', 'a"b', 'x'.repeat(300), '', null),
  );
  fc.assert(
    fc.property(fc.array(fc.record({ a: value, b: value })), fc.boolean(), (records, orNone) => {
      for (const fields of [[], ['a'], ['a', 'b']]) {
        const reader = new KeyReader(fields, orNone);
        for (const one of [...records, ...records]) assert.deepEqual(reader.keyOf(one), keyOf(one, fields, orNone));
      }
    }),
  );
});
