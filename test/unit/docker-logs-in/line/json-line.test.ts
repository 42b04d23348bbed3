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
