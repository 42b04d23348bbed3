import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { Counts } from '../../../nodes/record-filter/counts.ts';
import { parted } from '../../../nodes/record-filter/filter.ts';
import { filterRecord } from '../../../nodes/record-filter/filter-record.ts';
import { toldMs } from '../../../nodes/record-filter/settings.ts';
import { cpuMsOf } from '../../support/cpu-time.ts';
import { packageRoot } from '../../support/node-red.ts';
import { filterOf, settingsOf } from '../../support/record-filter.ts';
import { strangePayload } from '../../support/strange-payloads.ts';

const NOW_MS = Date.UTC(2026, 10, 26, 5);
const iso = (ms: number): string => new Date(ms).toISOString();
const row = (field: string, operator: string, value = '', orAbsent = false) => ({ field, operator, value, orAbsent });
const rows = (...rules: object[]) => ({ mode: 'all', rules });

const fixtures = join(packageRoot, 'test/fixtures/record-filter');
for (const name of readdirSync(fixtures)) {
  test(`the case ${name} is judged, and told, as expected`, () => {
    const read = (file: string) => JSON.parse(readFileSync(join(fixtures, name, file), 'utf8'));
    const config = read('settings.json');
    const filter = filterOf(config);
    const counts = new Counts();
    const verdicts = read('input.json').map((record: object) => {
      const verdict = filter.judge(record, NOW_MS);
      if (verdict !== 'pass') counts.drop(verdict, filter.key);
      return verdict;
    });
    const { windowMs, ...options } = {
      ...{ id: 'n1', name: 'quiet', host: 'web1', windowMs: toldMs(settingsOf(config)) },
      translate: (key: string) => key.replace('record-filter.', ''),
    };
    const nowMs = Date.UTC(2026, 10, 26, 3, 5, 9);
    const records = counts.takeDropped().map((dropped) => filterRecord(dropped, { ...options, windowMs }, nowMs));
    assert.deepEqual({ verdicts, records }, read('expected.json'));
  });
}

test('keep lets through what fits, drop the rest, and a filter without rows everything', () => {
  const rules = rows(row('stream', 'is', 'stderr'));
  assert.equal(filterOf({ action: 'keep', rules }).judge({ stream: 'stderr' }, NOW_MS), 'pass');
  assert.equal(filterOf({ action: 'keep', rules }).judge({ stream: 'stdout' }, NOW_MS), 'rules');
  assert.equal(filterOf({ action: 'drop', rules }).judge({ stream: 'stderr' }, NOW_MS), 'rules');
  assert.equal(filterOf({ action: 'drop', rules }).judge({ stream: 'stdout' }, NOW_MS), 'pass');
  for (const action of ['keep', 'drop']) assert.equal(filterOf({ action }).judge({}, NOW_MS), 'pass');
});

test('what is no record is judged by the same rules: a text is its message', () => {
  const keep = filterOf({ action: 'keep', rules: rows(row('message', 'contains', 'error')) });
  assert.equal(keep.judge('an error', NOW_MS), 'pass');
  for (const payload of ['fine', 17, null, undefined, [], Buffer.from('x'), true])
    assert.equal(keep.judge(payload, NOW_MS), 'rules');
  assert.equal(filterOf({ action: 'keep', rules: rows(row('message', 'equals', '17')) }).judge('17', NOW_MS), 'pass');
});

test('no payload of a strange flow makes a filter throw', () => {
  const filter = filterOf({
    ...{ action: 'drop', atMost: '3', each: 'host' },
    rules: { mode: 'any', rules: [row('message', 'matches', '(a+)+$'), row('level', 'below', '3')] },
  });
  fc.assert(
    fc.property(strangePayload, (payload) => {
      assert.ok(['pass', 'rules', 'limit'].includes(filter.judge(payload(), NOW_MS)));
    }),
  );
});

test('a record about what was filtered is never filtered', () => {
  const filter = filterOf({ action: 'keep', rules: rows(row('message', 'is', 'never')), atMost: '1' });
  for (let n = 0; n < 3; n += 1)
    assert.equal(filter.judge({ log_type: 'filter', filter_name: 'a', message: 'x' }, NOW_MS), 'pass');
});

test('a number in a row has a point, and a value that is no number fits no row that compares numbers', () => {
  assert.throws(() => filterOf({ rules: rows(row('disk_used_percent', 'above', '1,5')) }), { code: 'RULE_COMMA' });
  for (const operator of ['above', 'below', 'at-least', 'at-most', 'equals', 'equals-not']) {
    const keep = filterOf({ action: 'keep', rules: rows(row('n', operator, '10')) });
    for (const n of ['', ' 12', '12 %', 'NaN', Number.NaN, '1,23', '0x10', null]) {
      assert.equal(keep.judge({ n }, NOW_MS), 'rules', `${JSON.stringify(n)} ${operator} 10`);
    }
  }
  assert.equal(filterOf({ rules: rows(row('n', 'at-least', '10')) }).judge({ n: '9' }, NOW_MS), 'rules');
  assert.equal(filterOf({ rules: rows(row('n', 'is', '154')) }).judge({ n: 154 }, NOW_MS), 'pass');
  assert.equal(filterOf({ rules: rows(row('n', 'is', '0')) }).judge({ n: '0.0' }, NOW_MS), 'rules');
});

test('a pattern that would take years drops nothing, and takes little time', () => {
  const filter = filterOf({ action: 'drop', rules: rows(row('message', 'matches', '(a+)+$')) });
  const tookMs = cpuMsOf(() => {
    for (let n = 0; n < 20; n += 1) assert.equal(filter.judge({ message: `${'a'.repeat(60)}!` }, NOW_MS), 'pass');
  });
  assert.ok(tookMs < 5_000, `${tookMs} ms`);
  const twice = filterOf({ action: 'drop', rules: rows(row('message', 'matches', 'a')) });
  for (let n = 0; n < 3; n += 1) assert.equal(twice.judge({ message: 'a' }, NOW_MS), 'rules');
});

test('a row that denies does not hold for a record without the field, unless it says so', () => {
  for (const [operator, value] of [
    ['is-not', 'x'],
    ['is-none-of', 'x'],
    ['contains-not', 'x'],
    ['matches-not', 'x'],
    ['equals-not', '1'],
    ['not-in-network', '192.0.2.0/24'],
  ] as const) {
    assert.equal(filterOf({ rules: rows(row('f', operator, value)) }).judge({}, NOW_MS), 'rules', operator);
    assert.equal(filterOf({ rules: rows(row('f', operator, value, true)) }).judge({}, NOW_MS), 'pass', operator);
  }
});

test('the limit counts by the time of the records: a backlog that comes at once loses no more than it would have then', () => {
  const filter = filterOf({ atMost: '1', per: '1', perUnit: 's', each: 'container_name' });
  let passed = 0;
  for (let second = 0; second < 3_600; second += 1) {
    for (const container_name of ['a', 'b']) {
      const time = iso(NOW_MS - 3_600_000 + second * 1_000);
      if (filter.judge({ container_name, time }, NOW_MS) === 'pass') passed += 1;
      assert.equal(filter.judge({ container_name, time }, NOW_MS), 'limit');
      assert.equal(filter.key, container_name);
    }
  }
  assert.equal(passed, 7_200);
});

test('a backlog that is read beside present records has counts of its own', () => {
  const filter = filterOf({ atMost: '1', per: '1', perUnit: 'min' });
  const verdicts = [0, 3_600_000, 0, 3_600_000].map((agoMs) => filter.judge({ time: iso(NOW_MS - agoMs) }, NOW_MS));
  assert.deepEqual(verdicts, ['pass', 'pass', 'limit', 'limit']);
  assert.equal(filter.key, undefined);
});

test('records without a time, with none that can be read, or of the future count as of now', () => {
  const filter = filterOf({ atMost: '1', per: '1', perUnit: 'h' });
  assert.equal(filter.judge({ message: 'x' }, NOW_MS), 'pass');
  for (const time of [undefined, 'soon', '', 17, iso(NOW_MS + 700_000), iso(NOW_MS + 300_000)])
    assert.equal(filter.judge({ time }, NOW_MS), 'limit', String(time));
});

test('keys without end share one count, and those that are not seen for two windows make room', () => {
  const filter = filterOf({ atMost: '1', per: '1', perUnit: 's', each: 'source_ip' });
  for (let n = 0; n < 10_000; n += 1) assert.equal(filter.judge({ source_ip: `${n}` }, NOW_MS), 'pass');
  assert.equal(filter.judge({ source_ip: 'new' }, NOW_MS), 'pass');
  assert.equal(filter.judge({ source_ip: 'newer' }, NOW_MS), 'limit');
  assert.equal(filter.key, '(others)');
  filter.forgetUnused(NOW_MS + 3_000);
  assert.equal(filter.judge({ source_ip: 'newer' }, NOW_MS + 3_000), 'pass');
  assert.equal(filter.judge({ other: 1 }, NOW_MS + 3_000), 'pass');
  assert.equal(filter.judge({ source_ip: null }, NOW_MS + 3_000), 'limit');
  assert.equal(filter.key, '(none)');
});

test('what was dropped is told with 20 keys at most, and adds up', () => {
  const counts = new Counts();
  for (let n = 0; n < 30; n += 1) for (let times = 0; times <= n; times += 1) counts.drop('limit', `k${n}`);
  counts.drop('rules', undefined);
  const dropped = counts.takeDropped();
  assert.equal(dropped.length, 22);
  assert.deepEqual(dropped[1], { key: 'k29', count: 30, reason: 'limit' });
  assert.equal(
    dropped.reduce((sum, { count }) => sum + count, 0),
    counts.dropped,
  );
  assert.deepEqual(counts.takeDropped(), []);
});

test('records are parted in order, and where all fit they are the very list', () => {
  const isEven = (one: number): boolean => one % 2 === 0;
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 9 })), (all) => {
      const { fitting, others } = parted(all, isEven);
      assert.deepEqual(fitting, all.filter(isEven));
      assert.deepEqual(
        others,
        all.filter((one) => !isEven(one)),
      );
      if (others.length === 0) assert.equal(fitting, all);
    }),
  );
});
