import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intervalSeconds } from '../../../lib/interval.ts';

test('`intervalSeconds()` takes numbers and the text of a dialog alike', () => {
  assert.equal(intervalSeconds('60'), 60);
  assert.equal(intervalSeconds(60), 60);
  assert.equal(intervalSeconds(' 2.5 '), 2.5);
});

test('`intervalSeconds()` takes 0, which is only on input, and 1 s to one day', () => {
  for (const seconds of [0, 1, 86_400]) assert.equal(intervalSeconds(seconds), seconds);
  for (const seconds of [-1, 0.5, 86_401]) assert.equal(intervalSeconds(seconds), undefined);
});

test('`intervalSeconds()` refuses what is no number', () => {
  for (const value of [
    '',
    ' ',
    'often',
    '1 min',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    undefined,
    null,
    true,
    {},
    [],
  ]) {
    assert.equal(intervalSeconds(value), undefined, String(value));
  }
});
