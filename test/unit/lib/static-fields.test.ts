import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MonitoringError } from '../../../lib/errors.ts';
import { checkFieldNames, parseStaticFields, staticFieldsFault } from '../../../lib/static-fields.ts';

test('`parseStaticFields()` takes texts, numbers and booleans of a JSON object', () => {
  assert.deepEqual(parseStaticFields('{"environment": "test", "rack": 7, "spare": true}'), {
    environment: 'test',
    rack: 7,
    spare: 'true',
  });
});

for (const [text, fields] of [
  ['site=ams', { site: 'ams' }],
  ['site=ams, role=db', { site: 'ams', role: 'db' }],
  [' site = ams ,role=db,', { site: 'ams', role: 'db' }],
  ['site=ams,\nrole=db,\n', { site: 'ams', role: 'db' }],
  ['note="a, b", role=db', { note: 'a, b', role: 'db' }],
  ["note='it=is', role=db", { note: 'it=is', role: 'db' }],
  ['note="a \\"b\\""', { note: 'a "b"' }],
  ['query=a=b', { query: 'a=b' }],
  ['room=Küche 2', { room: 'Küche 2' }],
  ['rack=4, version_2=1.0', { rack: '4', version_2: '1.0' }],
] as const) {
  test(`\`parseStaticFields()\` reads ${JSON.stringify(text)}, and every value as a text`, () => {
    assert.deepEqual(parseStaticFields(text), fields);
  });
}

test('`parseStaticFields()` takes a blank for no fields', () => {
  for (const text of [undefined, null, '', '  ', ',']) assert.deepEqual(parseStaticFields(text), {});
});

for (const [text, code, quoted] of [
  ['{', 'FIELDS_NO_JSON', '{'],
  ['[]', 'FIELDS_NO_JSON', '[]'],
  ['7', 'FIELDS_NO_JSON', '7'],
  ['{"a": null}', 'FIELD_NO_VALUE', 'a'],
  ['{"a": {"b": 1}}', 'FIELD_NO_VALUE', 'a'],
  ['production', 'FIELD_NO_PAIR', 'production'],
  ['site=ams, production', 'FIELD_NO_PAIR', 'production'],
  ['site:ams', 'FIELD_NO_PAIR', 'site:ams'],
  ['site=ams; role=db, x', 'FIELD_NO_PAIR', 'x'],
  ['site="ams', 'FIELD_NO_PAIR', 'site="ams'],
  ['site=', 'FIELD_NO_VALUE', 'site'],
  ['=ams', 'FIELD_NAME', ''],
  ['my site=ams', 'FIELD_NAME', 'my site'],
  ['_id=1', 'FIELD_NAME', '_id'],
  ['host=web', 'FIELD_NAME', 'host'],
  ['log_type=web', 'FIELD_NAME', 'log_type'],
  ['site=ams, site=fra', 'FIELD_TWICE', 'site'],
  [`x, ${'y'.repeat(100)}`, 'FIELD_NO_PAIR', 'x'],
  ['z'.repeat(100), 'FIELD_NO_PAIR', `${'z'.repeat(39)}…`],
] as const) {
  test(`\`parseStaticFields()\` refuses ${text.slice(0, 30)} and says what of it is wrong`, () => {
    assert.throws(
      () => parseStaticFields(text),
      (error) => error instanceof MonitoringError && error.code === code && error.values.text === quoted,
    );
  });
}

test('what is wrong is said in words, and nothing where nothing is', () => {
  const words = (key: string, args: object = {}): string => `${key} ${Object.values(args)}`;
  assert.equal(staticFieldsFault('site', words), 'error.FIELD_NO_PAIR site');
  assert.equal(staticFieldsFault('site=ams', words), undefined);
});

test('fields of a JSON object for all records of a host are checked for their names, too', () => {
  assert.throws(() => checkFieldNames(parseStaticFields('{"host": "x"}')), /FIELD_NAME/);
  assert.deepEqual(checkFieldNames({ site: 'ams' }), { site: 'ams' });
});
