import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Row, rowOf } from '../../../../plugins/monitoring-page/view/row.ts';
import { isGap, MOST_ROWS, RowList } from '../../../../plugins/monitoring-page/view/row-list.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
/** A text without figures that no other number has: figures are not what tells records apart. */
const letters = (number: number): string => [...String(number)].map((digit) => ALPHABET[Number(digit)]).join('');

function row(number: number, more: object = {}): Row {
  const document = { short_message: `line ${letters(number)}`, level: 6, _log_type: 'docker_log', ...more };
  return rowOf([number, number * 1_000, 'out', 1, number * 1_000, document]) as Row;
}

const rows = (from: number, count: number): Row[] => Array.from({ length: count }, (_, index) => row(from + index));
const numbers = (list: RowList): number[] => list.lines.map((line) => (isGap(line) ? -line.gap : line.number));

test('the latest stands first, and what is alike is one line with its count and its first time', () => {
  const list = new RowList();
  list.reset([row(1), row(2, { short_message: 'same 1' }), row(3, { short_message: 'same 2' })]);
  list.add([row(4, { short_message: 'same 3' })], 0);
  assert.deepEqual(numbers(list), [4, 1]);
  const [first] = list.lines;
  assert.ok(first !== undefined && !isGap(first));
  assert.equal(first.count, 3);
  assert.equal(first.firstMs, 2_000);
});

test('what came twice is shown once', () => {
  const list = new RowList();
  list.reset([row(1, { _event_id: 'a' })]);
  list.add([row(2, { _event_id: 'a', short_message: 'other' }), row(3, { _event_id: 'b' })], 0);
  assert.deepEqual(numbers(list), [3, 1]);
});

test('while it is held nothing moves, and afterwards all is there, or how much is missing', () => {
  const list = new RowList();
  list.reset(rows(1, 3));
  list.hold();
  const { lines } = list;
  list.add(rows(10, 214), 0);
  assert.equal(list.lines, lines);
  assert.equal(list.waitingCount, 214);
  list.release();
  assert.equal(list.lines.length, 217);
  assert.equal(list.waitingCount, 0);
  list.hold();
  list.add(rows(1_000, 800), 12);
  list.release();
  const gaps = list.lines.filter(isGap).map(({ gap }) => gap);
  assert.deepEqual(gaps, [312]);
});

test('what the server left out stands as a gap before what came', () => {
  const list = new RowList();
  list.reset(rows(1, 2));
  list.add(rows(400, 2), 397);
  assert.deepEqual(numbers(list), [401, 400, -397, 2, 1]);
});

test('older rows come to the end, and the latest leave where there is no room', () => {
  const list = new RowList();
  list.reset(rows(1_000, MOST_ROWS));
  list.addOlder(rows(900, 100));
  assert.equal(list.lines.length, MOST_ROWS);
  assert.equal(numbers(list).at(-1), 900);
});

test('whatever comes and whenever it is held, there are at most 500 rows and none comes twice', () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('add' as const),
      count: fc.integer({ min: 0, max: 700 }),
      missed: fc.integer({ min: 0, max: 50 }),
    }),
    fc.constantFrom({ kind: 'hold' as const }, { kind: 'release' as const }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const list = new RowList();
      let next = 1;
      for (const one of steps) {
        if (one.kind === 'hold') list.hold();
        else if (one.kind === 'release') list.release();
        else {
          list.add(rows(next, one.count), one.missed);
          next += one.count;
        }
        assert.ok(list.lines.filter((line) => !isGap(line)).length <= MOST_ROWS);
        const shown = list.lines.map(({ number }) => number);
        assert.equal(new Set(shown).size, shown.length);
      }
    }),
    { numRuns: 50 },
  );
});
