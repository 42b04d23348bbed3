import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { RECORD_KEYS } from '../../../../lib/record-keys.ts';
import { parseAlertMsg, Speaker } from '../../../../nodes/alert/say/alert-record.ts';
import { valueText } from '../../../../nodes/alert/say/value-text.ts';
import { readSettings } from '../../../../nodes/alert/settings.ts';
import { AlertBench, alertWords, MINUTE } from '../../../support/alert-bench.ts';
import { packageRoot } from '../../../support/node-red.ts';

const LIMIT = { name: 'disk', kind: 'limit', field: 'disk_used_percent', limit: '80', each: ['disk_mount'] };
const fixtures = join(packageRoot, 'test/fixtures/alert');

for (const name of readdirSync(fixtures)) {
  test(`the records of the case ${name}`, () => {
    const read = (file: string): unknown => JSON.parse(readFileSync(join(fixtures, name, file), 'utf8'));
    const bench = new AlertBench(read('settings.json') as object);
    for (const record of read('input.json') as object[]) {
      bench.pass(MINUTE);
      bench.take({ ...record, time: new Date(bench.nowMs).toISOString() });
    }
    assert.deepEqual(JSON.parse(JSON.stringify(bench.told.map(({ record }) => record))), read('expected.json'));
  });
}

test('every key of the record is one of the contract', () => {
  const bench = new AlertBench({ ...LIMIT, remindMinutes: '10' });
  bench.take({ disk_mount: '/', disk_used_percent: 91.26 });
  bench.pass(11 * MINUTE);
  const known = { ...RECORD_KEYS.alert, ...RECORD_KEYS.envelope, ...RECORD_KEYS.disk };
  for (const { record } of bench.told) for (const key of Object.keys(record)) assert.ok(key in known, key);
});

test('text and decision come from one snapshot: a reminder has the value of now, the end the value that ended it', () => {
  const bench = new AlertBench({
    ...LIMIT,
    remindMinutes: '10',
    text: '{{disk_mount}} {{disk_used_percent}} {{alert_value}} of {{alert_limit}}',
  });
  bench.take({ disk_mount: '/', disk_used_percent: 91.257 });
  bench.take({ disk_mount: '/', disk_used_percent: 95 });
  bench.pass(11 * MINUTE);
  bench.take({ disk_mount: '/', disk_used_percent: 70 });
  assert.deepEqual(
    bench.told.map(({ record }) => record.message),
    [
      'firing: disk, /: / 91.26 % 91.26 % of 80 %',
      'firing since 12:00 UTC (reminder 1): disk, /: / 95 % 95 % of 80 %',
      'resolved: disk, /: disk_used_percent is 70 %, over after 11 min',
    ],
  );
  assert.equal(bench.last.alert_value, 70);
  assert.equal(bench.last.disk_used_percent, 70);
});

test('an end by time has no value', () => {
  const bench = new AlertBench({
    kind: 'count',
    counts: 'sum',
    countField: 'login_failures',
    threshold: '5',
    endSeconds: '60',
    each: ['source_ip'],
  });
  bench.take({ source_ip: '203.0.113.7', login_failures: 7, repeat_count: 7 });
  bench.pass(5 * MINUTE);
  assert.equal(bench.told[0]?.record.message, 'firing: x, 203.0.113.7: login_failures is 7 within 60 s');
  assert.equal(bench.last.message, 'resolved: x, 203.0.113.7: over after 2 min');
  assert.equal('alert_value' in bench.last, false);
  for (const { record } of bench.told) assert.ok(!('login_failures' in record) && !('repeat_count' in record));
});

test('a placeholder without a value is –, one of a prototype too, and a value is never a placeholder', () => {
  const bench = new AlertBench({
    kind: 'match',
    ends: 'event',
    text: '{{a}} {{missing}} {{constructor}} {{__proto__}} {{ a }} {{nested.b}}',
  });
  bench.take({ a: '{{b}} $& __what__ $t(x)', b: 'secret' });
  assert.equal(bench.last.message, 'x: {{b}} $& __what__ $t(x) – – – {{b}} $& __what__ $t(x) –');
});

test('{{message}} is the text of the record that caused it', () => {
  const bench = new AlertBench({ kind: 'match', ends: 'event', text: 'the log says: {{message}}' });
  bench.take({ message: 'out of memory' });
  assert.equal(bench.last.message, 'x: the log says: out of memory');
});

test('what steers a terminal or a chat is written out, and halves of characters do not leave', () => {
  const bench = new AlertBench({ kind: 'match', ends: 'event' });
  bench.take({ message: 'a\u001b[31m\nb\u202e \ud83d' });
  assert.equal(bench.last.message, 'x: a\\x1b[31m\\nb\\u202e \ufffd');
});

test('a value is written by the unit of its key', () => {
  const rows: [string, unknown, string][] = [
    ['x_percent', 29.600000001, '29.6 %'],
    ['x_bytes', 123_456_789_012, '115 GiB'],
    ['x_seconds', 5_000, '1 h 23 min'],
    ['x_ms', 250.333, '250.33 ms'],
    ['x', -0, '0'],
    ['x', 0.000123456, '0.000123'],
    ['x', Number.NaN, '–'],
    ['x', '', '–'],
    ['x', 'text', 'text'],
  ];
  for (const [key, value, text] of rows) assert.equal(valueText(key, value), text);
});

test('a test is marked, has an id of its own and what messages have trouble with', () => {
  const settings = readSettings({ ...LIMIT, severity: 'critical' }, 'UTC');
  const speaker = new Speaker({ settings, host: 'h', translate: alertWords, zone: 'UTC' });
  const [firing, resolved] = speaker.speakTest('t1', Date.parse('2026-11-26T12:00:00Z'));
  for (const { record } of [firing, resolved]) {
    assert.match(record.message, /^TEST /);
    assert.deepEqual([record.alert_test, record.alert_id, record.host], [1, 't1', 'h']);
  }
  assert.deepEqual([firing.record.alert_state, resolved.record.alert_state], ['firing', 'resolved']);
  assert.deepEqual([firing.record.level, resolved.record.level], [2, 5]);
  assert.match(firing.record.message, /<b>.*ü.*🔔/);
});

test('what a state file has of a msg is that msg, or nothing', () => {
  const bench = new AlertBench(LIMIT);
  bench.take({ disk_mount: '/', disk_used_percent: 91 });
  assert.deepEqual(parseAlertMsg(JSON.parse(JSON.stringify(bench.told[0]))), bench.told[0]);
  for (const wrong of [undefined, {}, { record: {} }, { record: { log_type: 'alert' } }])
    assert.equal(parseAlertMsg(wrong), undefined);
});
