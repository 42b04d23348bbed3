import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asNumber, asObject, asText, asTexts, textMembers } from '../../../../lib/docker/json.ts';

const ODD = [undefined, null, true, 7, 'text', ['a', 1], { a: 'b' }];

test('each reader lets in its own kind of value alone', () => {
  assert.deepEqual(ODD.map(asObject), [undefined, undefined, undefined, undefined, undefined, undefined, { a: 'b' }]);
  assert.deepEqual(ODD.map(asText), [undefined, undefined, undefined, undefined, 'text', undefined, undefined]);
  assert.deepEqual(ODD.map(asNumber), [undefined, undefined, undefined, 7, undefined, undefined, undefined]);
  assert.deepEqual(ODD.map(asTexts), [undefined, undefined, undefined, undefined, undefined, ['a'], undefined]);
  assert.equal(asNumber(Number.POSITIVE_INFINITY), undefined);
});

test('`textMembers()` leaves out what is no text, and takes odd names as they are', () => {
  for (const value of ODD.slice(0, 4)) assert.deepEqual(textMembers(value), {});
  const members = textMembers(JSON.parse('{"a":"1","b":2,"__proto__":"x"}'));
  assert.deepEqual(Object.entries(members), [
    ['a', '1'],
    ['__proto__', 'x'],
  ]);
});
