import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { searchedText } from '../../../../plugins/monitoring-page/answer/searched-text.ts';
import { chartData, niceTop, summaryOf } from '../../../../plugins/monitoring-page/view/chart-data.ts';
import { Formats } from '../../../../plugins/monitoring-page/view/formats.ts';
import { plainText } from '../../../../plugins/monitoring-page/view/plain-text.ts';
import { keysOf, rowOf } from '../../../../plugins/monitoring-page/view/row.ts';
import { parseSearch } from '../../../../plugins/monitoring-page/view/search.ts';
import { type Catalogue, chooseLanguage, wordsOf } from '../../../../plugins/monitoring-page/view/words.ts';
import { packageRoot } from '../../../support/node-red.ts';

const LANGUAGES = ['en-US', 'de', 'zh-CN'] as const;

function catalogue(language: string): Catalogue {
  const file = join(packageRoot, `plugins/monitoring-page/locales/${language}/monitoring-page.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { 'monitoring-page': Catalogue })['monitoring-page'];
}

function flat(tree: Catalogue, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${path}${key}`, value]] : flat(value, `${path}${key}.`),
  );
}

const english = wordsOf(catalogue('en-US'), {});

test('each language has each text, with the same values in it', () => {
  const values = (text: string): string[] => [...text.matchAll(/__\w+__/g)].map(String).sort();
  const own = new Map(flat(catalogue('en-US')));
  for (const language of LANGUAGES) {
    const other = new Map(flat(catalogue(language)));
    assert.deepEqual([...other.keys()].sort(), [...own.keys()].sort(), language);
    for (const [key, text] of other) assert.deepEqual(values(text), values(own.get(key) ?? ''), `${language} ${key}`);
  }
});

test('a reader gets the language that fits best', () => {
  for (const [wanted, expected] of [
    [['de-CH', 'en'], 'de'],
    [['zh-TW'], 'zh-CN'],
    [['fr', 'de'], 'de'],
    [['fr'], 'en-US'],
    [[], 'en-US'],
  ] as const)
    assert.equal(chooseLanguage(wanted, LANGUAGES, 'en-US'), expected);
});

test('midnight is 00:05, and a time is that of the zone on both days when clocks change', () => {
  const formats = new Formats('en-US', english, 'Europe/Vienna');
  assert.equal(formats.shortTime(Date.UTC(2026, 10, 25, 23, 5)), '00:05');
  assert.equal(formats.shortTime(Date.UTC(2026, 2, 29, 0, 59)), '01:59');
  assert.equal(formats.shortTime(Date.UTC(2026, 2, 29, 1, 0)), '03:00');
  assert.equal(formats.shortTime(Date.UTC(2026, 9, 25, 0, 30)), '02:30');
  assert.equal(formats.shortTime(Date.UTC(2026, 9, 25, 1, 30)), '02:30');
});

test('spans and figures are short, in the language of the reader', () => {
  const formats = new Formats('en-US', english);
  const spans = [0, 999, 59_000, 60_000, 3_600_000, 11_640_000, 86_400_000, 1_051_200_000, -5].map((ms) =>
    formats.span(ms),
  );
  assert.deepEqual(spans, ['0 s', '0 s', '59 s', '1 min', '1 h', '3 h 14 min', '1 d', '12 d 4 h', '0 s']);
  assert.deepEqual(
    [0.42, 3.361, 38.25, 1204].map((value) => formats.number(value)),
    ['0.42', '3.36', '38.3', '1,204'],
  );
  assert.deepEqual(
    [0, 999, 68e9, 1.5e12].map((value) => formats.bytes(value)),
    ['0 B', '999 B', '68 GB', '1.5 TB'],
  );
  assert.equal(new Formats('de', wordsOf(catalogue('de'), {})).number(0.42), '0,42');
  assert.deepEqual(
    [99.99, 100, 2.87].map((value) => formats.percent(value)),
    ['100 %', '100 %', '2.9 %'],
  );
});

test('a missing step is a hole in the line, never a value', () => {
  const steps = [[1, 1, 2, 3], null, [4, 3, 9, 2], null] as const;
  const { times, means, maxs } = chartData(steps, 60_000, 60_000);
  assert.deepEqual(times, [60, 120, 180, 240]);
  assert.deepEqual(means, [1, null, 4, null]);
  assert.deepEqual(maxs, [2, null, 9, null]);
  assert.deepEqual(summaryOf(steps, 60_000, 60_000), { last: 4, max: 9, maxAtMs: 180_000, firstAtMs: 60_000 });
  assert.deepEqual(summaryOf([null], 0, 1), { last: null, max: null, maxAtMs: null, firstAtMs: null });
  assert.deepEqual([null, 0, 0.3, 3.4, 87, 100].map(niceTop), [1, 1, 0.4, 4, 100, 100]);
});

test('colours go, what steers or hides is written out, tabs stay', () => {
  assert.equal(plainText('red \u001b[31mtext\u001b[0m \u001b]0;title\u0007end \u009b31mx'), 'red text end x');
  assert.equal(plainText('a\tb\u202egpj.exe\u200b'), 'a\tb\\u202egpj.exe\\u200b');
  assert.equal(plainText('nul \u0000'), 'nul \\x00');
});

test('a row is read from a document or a record, and nothing else is one', () => {
  const document = { short_message: 'one\ntwo', timestamp: 1.5, level: 3, _log_type: 'auth', _source_ip: '192.0.2.1' };
  const row = rowOf([7, 1_500, 'out', 2, 1_000, document]);
  assert.ok(row !== undefined);
  assert.deepEqual([row.text, row.kind, row.subject, row.weight, row.count], ['one', 'auth', '192.0.2.1', 'bad', 2]);
  assert.deepEqual(keysOf(row.record)[0], ['time', '1970-01-01T00:00:01.500Z']);
  assert.ok(searchedText(row.record).includes('192.0.2.1'));
  for (const value of [null, 7, [], [1, 2], ['a', 1, 'x', 1, 1, {}], [1, 1, 'x', 1, 1, 'text']])
    assert.equal(rowOf(value), undefined);
});

test('a search is a text, or a pattern between slashes once it is one', () => {
  assert.deepEqual(parseSearch(' '), { kind: 'none' });
  assert.deepEqual(parseSearch('Foo'), { kind: 'text', text: 'foo' });
  assert.deepEqual(parseSearch('/a(b|c)/'), { kind: 'pattern', source: 'a(b|c)' });
  for (const typed of ['/a(b', '/a(b/', '/', '//']) assert.equal(parseSearch(typed).kind, 'text', typed);
});
