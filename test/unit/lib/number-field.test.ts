import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intervalMs, isAllowed, type NumberField, numberOf, wrongField } from '../../../lib/number-field.ts';

const percent: NumberField = { initial: '80', minimum: 0, maximum: 100, blank: 'off' };
const count: NumberField = { initial: '2', minimum: 0, maximum: 10, whole: true };

test('numberOf() reads what the field allows', () => {
  assert.equal(numberOf(percent, ' 12.5 '), 12.5);
  assert.equal(numberOf(count, 10), 10);
});

test('numberOf() takes a blank for off only where it may be', () => {
  assert.equal(numberOf(percent, ''), undefined);
  assert.equal(isAllowed(count, ''), false);
});

test('numberOf() takes the initial value where there is none and for a placeholder that was left over', () => {
  for (const value of [undefined, null, `\${NOT_SET}`]) assert.equal(numberOf(percent, value), 80);
});

test('isAllowed() refuses what is out of range, not whole or no number', () => {
  for (const value of ['-1', '101', 'much', '1e3', 'Infinity', 'NaN', {}])
    assert.equal(isAllowed(percent, value), false);
  assert.equal(isAllowed(count, '1.5'), false);
});

test('wrongField() names the first property that is not allowed', () => {
  assert.equal(wrongField({ percent, count }, { percent: '5', count: 'x' }), 'count');
  assert.equal(wrongField({ percent, count }, {}), undefined);
});

test('`intervalMs()` takes numbers and the text of a dialog alike', () => {
  assert.equal(intervalMs('60'), 60_000);
  assert.equal(intervalMs(60), 60_000);
  assert.equal(intervalMs(' 2.5 '), 2_500);
});

test('`intervalMs()` takes 0, which is only on input, and 1 s to one day', () => {
  for (const seconds of [0, 1, 86_400]) assert.equal(intervalMs(seconds), seconds * 1000);
  for (const seconds of [-1, 0.5, 86_401]) assert.equal(intervalMs(seconds), Number.NaN);
});

test('`intervalMs()` refuses what is no number', () => {
  for (const value of ['', 'often', Number.NaN, '60 s', {}]) assert.equal(intervalMs(value), Number.NaN, String(value));
});
