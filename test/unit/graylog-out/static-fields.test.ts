import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStaticFields } from '../../../nodes/graylog-out/static-fields.ts';

test('`parseStaticFields()` takes texts, numbers and booleans of a JSON object', () => {
  assert.deepEqual(parseStaticFields('{"environment": "test", "rack": 7, "spare": true}'), {
    environment: 'test',
    rack: 7,
    spare: 'true',
  });
});

test('`parseStaticFields()` takes a blank for no fields', () => {
  for (const text of [undefined, null, '', '  ']) assert.deepEqual(parseStaticFields(text), {});
});

test('`parseStaticFields()` refuses what is no JSON object, and values that are no field', () => {
  for (const text of ['{', '[]', '7', '{"a": null}', '{"a": {"b": 1}}']) {
    assert.equal(parseStaticFields(text), undefined, text);
  }
});
