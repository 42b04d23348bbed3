import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileRows } from '../../../nodes/record-filter/io/compile-rows.ts';
import { FilterPreview } from '../../../nodes/record-filter/preview.ts';
import type { FilterConfig } from '../../../nodes/record-filter/settings.ts';
import { settingsOf } from '../../support/record-filter.ts';

const NOW_MS = Date.UTC(2026, 10, 26, 5);
const is = (field: string, value: string) => ({ field, operator: 'is', value });

function previewOf(config: FilterConfig, records: object[]) {
  const settings = settingsOf(config);
  const preview = new FilterPreview(settings, compileRows(settings.rules));
  for (const record of records) preview.add({ record: record as never, shippedMs: NOW_MS });
  return preview.result();
}

test('a preview counts what passes, what the rules and the limit drop, and the hits of each row', () => {
  const records = [
    { message: 'a', stream: 'stdout', container_name: 'web', time: '2026-11-26T04:00:00.000Z' },
    { message: 'b', stream: 'stderr', container_name: 'web', time: '2026-11-26T04:00:00.100Z' },
    { message: 'c', stream: 'stderr', container_name: 'web', time: '2026-11-26T04:00:00.200Z' },
    { message: 'd', stream: 'stderr', container_name: 'db', time: '2026-11-26T04:00:00.300Z' },
  ];
  const rules = { mode: 'any', rules: [is('stream', 'stdout'), is('message', 'd'), is('message', 'a')] };
  assert.deepEqual(previewOf({ action: 'drop', rules, atMost: '1', each: 'container_name' }, records), {
    ...{ total: 4, passed: 1, droppedByRules: 2, droppedByLimit: 1, perRule: [1, 1, 1] },
    last: [
      { time: '2026-11-26T04:00:00.300Z', source: 'db', message: 'd', why: { word: 'row', row: 2 } },
      { time: '2026-11-26T04:00:00.200Z', source: 'web', message: 'c', why: { word: 'limit' } },
      { time: '2026-11-26T04:00:00.000Z', source: 'web', message: 'a', why: { word: 'row', row: 1 } },
    ],
  });
});

test('a preview says why a record was dropped', () => {
  const two = [is('a', '1'), is('b', '2')];
  const why = (action: string, mode: string, rules: object[], record: object) =>
    previewOf({ action, rules: { mode, rules } }, [record]).last[0]?.why;
  assert.deepEqual(why('drop', 'all', two, { a: '1', b: '2' }), { word: 'allRows' });
  assert.deepEqual(why('drop', 'all', [is('a', '1')], { a: '1' }), { word: 'row', row: 1 });
  assert.deepEqual(why('keep', 'all', two, { a: '1' }), { word: 'notRow', row: 2 });
  assert.deepEqual(why('keep', 'any', two, {}), { word: 'noRow' });
  assert.equal(why('keep', 'any', [], {}), undefined);
});

test('a preview tells the last 20 of what was dropped, cut to what a line holds', () => {
  const records = Array.from({ length: 50 }, (_, n) => ({ message: `${n} ${'x'.repeat(500)}`, log_type: 'auth' }));
  const { last } = previewOf({ action: 'drop', rules: { rules: [is('log_type', 'auth')] } }, records);
  assert.equal(last.length, 20);
  assert.ok(last[0]?.message.startsWith('49 '));
  assert.ok(last.every(({ message, source }) => message.length <= 200 && source === 'auth'));
});
