import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  findBehind,
  isAfter,
  type JournalPosition,
  parseJournalPosition,
  sequencesOf,
} from '../../../../nodes/auth-log-in/journal/position.ts';

/** When the tests' states are read, in ms since the epoch. */
const NOW_MS = Date.parse('2026-11-24T00:00:00Z');

const UNKNOWN = [[1], ['x'], 'ab', {}, Array(2000).fill('ab')].map((sequences) => ({ cursor: 's=1', sequences }));

test('parseJournalPosition() gives back what was written: a cursor, a time, or the beginning', () => {
  for (const position of [{ cursor: 's=1' }, { sinceMicros: 1_700_000_000_123_456 }, {}]) {
    assert.deepEqual(parseJournalPosition(position, NOW_MS), position);
    const known = { ...position, sequences: ['ab', '0123456789abcdef0123456789abcdef'] };
    assert.deepEqual(parseJournalPosition(known, NOW_MS), known);
  }
});

test('parseJournalPosition() refuses other values and never throws', () => {
  for (const bad of [
    undefined,
    null,
    1,
    'x',
    [],
    { cursor: 1 },
    { sinceMicros: '1' },
    { sinceMicros: Number.NaN },
    ...UNKNOWN,
  ]) {
    assert.equal(parseJournalPosition(bad, NOW_MS), undefined, JSON.stringify(bad));
  }
  fc.assert(fc.property(fc.jsonValue(), (value) => void parseJournalPosition(value, NOW_MS)));
});

test('parseJournalPosition() refuses a cursor with a NUL, which no program takes, and times that have not come', () => {
  const later = ((NOW_MS + 2 * 86_400_000) * 1000).toString(16);
  for (const cursor of ['a\0b', 's=1\n', 'x'.repeat(2000), '', `s=1;i=2;t=${later};x=0`])
    assert.equal(parseJournalPosition({ cursor }, NOW_MS), undefined, JSON.stringify(cursor));
  for (const sinceMicros of [-1, 1e21, (NOW_MS + 2 * 86_400_000) * 1000])
    assert.equal(parseJournalPosition({ sinceMicros }, NOW_MS), undefined, String(sinceMicros));
});

test('parseJournalPosition() refuses what no program can be given, and a time that is none', () => {
  for (const cursor of ['a\u0000b', '', 's=1\n', 'x'.repeat(2000), 'ü']) {
    assert.equal(parseJournalPosition({ cursor }, NOW_MS), undefined, JSON.stringify(cursor));
  }
  for (const sinceMicros of [-1, 1e300, Number.POSITIVE_INFINITY]) {
    assert.equal(parseJournalPosition({ sinceMicros }, NOW_MS), undefined, String(sinceMicros));
  }
});

const file = (sequence: string, headMicros: number, tailMicros: number, isArchived = false) => ({
  sequence,
  headMicros,
  tailMicros,
  isArchived,
});
const POSITION: JournalPosition = { cursor: 's=aa;i=9;t=64', sequences: ['aa', 'bb'] };

test('findBehind() finds what was begun after the position with a clock that was set back', () => {
  const known = [file('aa', 1, 100, true), file('bb', 2, 50)];
  const behind = (...begun: ReturnType<typeof file>[]) => findBehind(POSITION, [...known, ...begun], 1);
  assert.equal(behind(), undefined, 'nothing was begun');
  assert.equal(behind(file('cc', 101, 102)), undefined, 'it is later');
  assert.deepEqual(behind(file('cc', 60, 70)), { sinceMicros: 60, isOver: false });
  assert.deepEqual(behind(file('cc', 60, 101)), { sinceMicros: 60, isOver: true });
  assert.deepEqual(behind(file('cc', 60, 101, true), file('dd', 70, 80)), { sinceMicros: 60, isOver: false });
  assert.deepEqual(behind(file('cc', 110, 130, true), file('dd', 115, 120)), { sinceMicros: 100, isOver: false });
  assert.deepEqual(findBehind({ sinceMicros: 100, sequences: [] }, [file('cc', 60, 90)], 1), {
    sinceMicros: 60,
    isOver: false,
  });
});

test('findBehind() does not wait for a clock that was days ahead once', () => {
  const files = [file('aa', 1, 9e15, true), file('cc', 101, 102)];
  assert.equal(findBehind(POSITION, files, 1), undefined);
});

test('findBehind() finds nothing where the position does not say what it has read, or is the beginning', () => {
  const files = [file('cc', 1, 2)];
  assert.equal(findBehind({ cursor: 's=aa;i=9;t=64' }, files, 1), undefined);
  assert.equal(findBehind({ sequences: [] }, files, 1), undefined);
});

test('isAfter() compares times, and takes a position without one for the beginning', () => {
  assert.equal(isAfter('s=cc;i=1;t=65', POSITION), true);
  assert.equal(isAfter('s=cc;i=1;t=64', POSITION), false);
  assert.equal(isAfter('s=cc;i=1;t=1', {}), true);
});

test('sequencesOf() gives each numbering once, and none where there are too many to keep', () => {
  assert.deepEqual(sequencesOf([file('aa', 1, 2), file('bb', 1, 2), file('aa', 3, 4)]), ['aa', 'bb']);
  assert.equal(sequencesOf(Array.from({ length: 1025 }, (_, at) => file(at.toString(16), 1, 2))), undefined);
});
