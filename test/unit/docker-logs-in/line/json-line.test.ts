import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InfraRecord } from '../../../../lib/record.ts';
import { kindOf } from '../../../../lib/record-keys.ts';
import { JsonLines, type JsonOutcome } from '../../../../nodes/docker-logs-in/line/json-line.ts';
import { cpuMsOf } from '../../../support/cpu-time.ts';

const BASE = { level: 6, message: '{…}', stream: 'stdout' } as unknown as InfraRecord;

function read(line: unknown, lines = new JsonLines()): { record: InfraRecord; outcome: JsonOutcome } {
  const record = { ...BASE };
  const outcome = lines.read(record, typeof line === 'string' ? line : JSON.stringify(line));
  return { record, outcome };
}

test('the members of a JSON object become fields behind one prefix, as texts, and numbers beside them', () => {
  const { record, outcome } = read({
    msg: 'user logged in',
    level: 'info',
    user: { id: 7, name: 'ann', tags: ['a', 1] },
    ok: true,
    nothing: null,
    'http.status': 200,
    _id: 'x',
  });
  assert.equal(outcome, 'fields');
  assert.deepEqual(record, {
    ...BASE,
    message: 'user logged in',
    json_level: 'info',
    json_user_id: '7',
    json_user_id_number: 7,
    json_user_name: 'ann',
    json_user_tags: '["a",1]',
    json_ok: 'true',
    json_http_status: '200',
    json_http_status_number: 200,
    json_id: 'x',
  });
  assert.equal(kindOf('json_http_status_number'), 'fraction');
});

test('no two lines give one field two types, whatever their loggers call it', () => {
  const values = [1, 1.5, 'ok', true, ['a'], { b: 1 }, '2024-01-01', '2024-01-01T10:00:00Z', '2024/01/01 10:00:00', ''];
  const types = new Map<string, string>();
  for (const key of [
    'status',
    'a.b',
    'a_b',
    'a_number',
    'a',
    'a_number_text',
    'rest',
    'disk_total_bytes',
    'time',
    'level',
  ]) {
    for (const value of values) {
      const { record } = read({ msg: 'x', [key]: value });
      for (const [name, own] of Object.entries(record)) {
        assert.equal(types.get(name) ?? typeof own, typeof own, `${name} of ${key} ${JSON.stringify(value)}`);
        types.set(name, typeof own);
        // The index takes a text that looks like a date for one.
        assert.doesNotMatch(String(own), /^\d{4}[-/]\d/, name);
      }
      assert.deepEqual(
        Object.keys(record).filter((name) => !(name in BASE || name.startsWith('json_'))),
        [],
      );
    }
  }
});

test('two keys of a line that become one name do not overwrite each other', () => {
  const { record } = read({ msg: 'x', 'a.b': 1, a_b: 'two', a: { b: 3 }, rest: 'r', '': 'nameless' });
  assert.equal(record.json_a_b, '1');
  assert.equal(record.json_a_b_number, 1);
  assert.equal(record.json_rest_text, 'r');
  assert.equal(record.json_rest, '{"a_b":3,"":"nameless"}');
});

test('no member takes the place of a field of the record', () => {
  const keys = [
    'host',
    'time',
    'event_id',
    'container_name',
    'log_type',
    'source_ip',
    'alert_name',
    '__proto__',
    'constructor',
  ];
  for (const key of keys) {
    const { record } = read(`{"msg":"x","${key}":"theirs"}`);
    assert.ok(!Object.hasOwn(record, key), key);
    assert.equal(record[`json_${key.replace(/^_+/, '')}`], 'theirs');
  }
});

test('what is no JSON object is left alone', () => {
  for (const text of ['plain', '{"cut": tr', '[1]', '"text"', '']) {
    const { record, outcome } = read(text);
    assert.equal(outcome, 'text');
    assert.deepEqual(record, BASE);
  }
});

test('a line that is too deep or too long stays text, and costs no more than others', () => {
  const tookMs = cpuMsOf(() => {
    for (const levels of [1_000, 5_000, 30_000, 120_000]) {
      const { record, outcome } = read(`{"a":${'['.repeat(levels)}${']'.repeat(levels)},"message":"hidden"}`);
      // Where it is not too deep it is a field as any other.
      assert.ok(outcome === 'fields' ? record.message === 'hidden' : record.message === BASE.message);
    }
    assert.equal(read(`${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`).outcome, 'text');
    const many = Array.from({ length: 20_000 }, (_, at) => `"k${at}":${at}`).join(',');
    assert.equal(read(`{${many}}`).outcome, 'text');
  });
  assert.ok(tookMs < 1_000, `${tookMs} ms`);
});

test('a container that thinks of new names for ever gets a bounded number of fields, and loses nothing', () => {
  const lines = new JsonLines();
  const names = new Set<string>();
  for (let at = 0; at < 1_000; at += 1) {
    const { record } = read({ msg: 'x', [`key${at}`]: at, same: 1 }, lines);
    assert.ok(record.json_same === '1' && (record[`json_key${at}`] ?? record.json_rest) !== undefined);
    for (const name of Object.keys(record)) names.add(name);
  }
  assert.ok(names.size < 410, String(names.size));
  assert.ok(Object.keys(read({ ['k'.repeat(9_000)]: 1 }).record).every((name) => name.length < 128));
});

test('no number that is not finite comes into a record', () => {
  const { record } = read('{"msg":"m","a":1e999,"b":-1e999,"c":1,"d":{"e":1e999}}');
  assert.deepEqual(record, { ...BASE, message: 'm', json_c: '1', json_c_number: 1 });
});

test('the record gets the level that the line names', () => {
  const cases: [line: object, level: number][] = [
    [{ level: 10 }, 7],
    [{ level: 30 }, 6],
    [{ level: 40 }, 4],
    [{ level: 50 }, 3],
    [{ level: '60' }, 2],
    [{ level: 'error' }, 3],
    [{ level: 'WARN' }, 4],
    [{ level: 'dpanic' }, 2],
    [{ level: 'silly' }, 7],
    [{ levelname: 'CRITICAL' }, 2],
    [{ severity: 'ERROR' }, 3],
    [{ severity: 4 }, 4],
    [{ PRIORITY: '3' }, 3],
    [{ log: { level: 'error' } }, 3],
    [{ 'log.level': 'warning' }, 4],
    [{ lvl: 'eror' }, 3],
  ];
  for (const [line, level] of cases)
    assert.equal(read({ msg: 'x', ...line }).record.level, level, JSON.stringify(line));
  // A number that may be anybody's, a word that is none, and a line that names none.
  for (const line of [
    { level: 3 },
    { level: 42 },
    { level: 'loud' },
    { level: null },
    { level: {} },
    {},
    { severity: 9 },
  ])
    assert.equal(read({ msg: 'x', ...line }).record.level, 6, JSON.stringify(line));
});

test('a blank message is no message', () => {
  for (const blank of ['', '  ', '\\t\\n', '\\u00a0', '\\u0000', '\\u001c', '\\u001b[0m  \\u001b[0m']) {
    assert.equal(read(`{"message":"${blank}","msg":"said","a":1}`).record.message, 'said');
    assert.equal(read(`{"message":"${blank}"}`).outcome, 'blank');
    assert.equal(read(`{"level":30,"time":1,"pid":7,"hostname":"h","msg":"${blank}"}`).outcome, 'blank');
    const { record, outcome } = read(`{"msg":"${blank}","err":{"code":5}}`);
    assert.deepEqual([outcome, record.message, record.json_err_code], ['fields', BASE.message, '5']);
  }
  assert.equal(read('{"level":"info"}').outcome, 'fields');
});

test('colours are taken out of the message of a line', () => {
  assert.equal(read({ msg: '\u001b[31mred\u001b[0m' }).record.message, 'red');
});
