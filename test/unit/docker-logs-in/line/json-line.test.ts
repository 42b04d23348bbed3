import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InfraRecord } from '../../../../lib/record.ts';
import { readJsonLine } from '../../../../nodes/docker-logs-in/line/json-line.ts';

test('`readJsonLine()` makes fields of the members of a JSON object', () => {
  const base = { level: 6, message: '{…}', stream: 'stdout' } as unknown as InfraRecord;
  const line = {
    msg: 'user logged in',
    level: 'info',
    user: { id: 7, name: 'ann', tags: ['a', 1] },
    ok: true,
    nothing: null,
    'http.status': 200,
    _id: 'x',
  };
  const record = { ...base };
  readJsonLine(record, JSON.stringify(line));
  assert.deepEqual(record, {
    ...base,
    message: 'user logged in',
    json_level: 'info',
    user_id: 7,
    user_name: 'ann',
    user_tags: '["a",1]',
    ok: 'true',
    http_status: 200,
    json_id: 'x',
  });
});

test('`readJsonLine()` leaves alone what is no JSON object', () => {
  for (const text of ['plain', '{"cut": tr', '[1]', '"text"', '']) {
    const record = { message: text } as unknown as InfraRecord;
    readJsonLine(record, text);
    assert.deepEqual(record, { message: text });
  }
});

test('`readJsonLine()` leaves the text of a line that is too deep, and never throws', () => {
  for (const levels of [1_000, 5_000, 50_000, 120_000]) {
    const text = `{"a":${'['.repeat(levels)}${']'.repeat(levels)},"message":"hidden"}`;
    const record = { message: text } as unknown as InfraRecord;
    readJsonLine(record, text);
    // Where it is not too deep it is a field as any other.
    assert.ok(record.message === text || record.message === 'hidden');
  }
  const objects = `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`;
  readJsonLine({ message: objects } as unknown as InfraRecord, objects);
});

test('`readJsonLine()` puts no number into a record that is not finite', () => {
  const record = { message: 'x' } as unknown as InfraRecord;
  readJsonLine(record, '{"a":1e999,"b":-1e999,"c":1,"d":{"e":1e999}}');
  assert.deepEqual(record, { message: 'x', c: 1 });
});

test('`readJsonLine()` takes no blank message', () => {
  for (const blank of ['', '  ', '\\t\\n', '\\u00a0']) {
    const text = `{"message":"${blank}","msg":"said","a":1}`;
    const record = { message: text } as unknown as InfraRecord;
    readJsonLine(record, text);
    assert.equal(record.message, 'said');
    const without = { message: '{…}' } as unknown as InfraRecord;
    readJsonLine(without, `{"message":"${blank}"}`);
    assert.equal(without.message, '{…}');
  }
});
