import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  cursorMicros,
  journalctlArguments,
  parseJournalPosition,
} from '../../../../nodes/auth-log-in/journal/position.ts';

/** When the tests' states are read, in ms since the epoch. */
const NOW_MS = Date.parse('2026-11-24T00:00:00Z');

test('parseJournalPosition() gives back what was written: a cursor, a time, or the beginning', () => {
  for (const position of [{ cursor: 's=1' }, { sinceMicros: 1_700_000_000_123_456 }, {}]) {
    assert.deepEqual(parseJournalPosition(position, NOW_MS), position);
  }
});

test('parseJournalPosition() refuses other values and never throws', () => {
  for (const bad of [undefined, null, 1, 'x', [], { cursor: 1 }, { sinceMicros: '1' }, { sinceMicros: Number.NaN }]) {
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

test('cursorMicros() reads the time of a cursor, and gives undefined where it has none', () => {
  assert.equal(cursorMicros('s=0123;i=4f;b=00;m=0;t=60a24181e4240;x=0'), 0x60a24181e4240);
  assert.equal(cursorMicros('s=0123;i=4f'), undefined);
  assert.equal(cursorMicros(undefined), undefined);
});

test('journalctl goes on after a cursor, else from a time, else at the beginning, in the folder that is named', () => {
  const own = (position: object): string[] =>
    journalctlArguments('/host/journal', position).filter((argument) => /cursor|since|directory/.test(argument));
  const folder = '--directory=/host/journal';
  assert.deepEqual(own({ cursor: 's=1', sinceMicros: 1 }), [folder, '--after-cursor=s=1']);
  assert.deepEqual(own({ sinceMicros: 1_500_000 }), [folder, '--since=@1.500000']);
  assert.deepEqual(own({}), [folder]);
  assert.equal(journalctlArguments(undefined, {}).includes(folder), false);
});

test('journalctl is asked for auth and authpriv only, and for long values in full', () => {
  const all = journalctlArguments(undefined, {});
  assert.deepEqual(
    all.filter((argument) => argument.startsWith('SYSLOG_')),
    ['SYSLOG_FACILITY=4', 'SYSLOG_FACILITY=10'],
  );
  assert.ok(all.includes('--all'));
  assert.ok(all.some((argument) => /^--output-fields=.*MESSAGE/.test(argument)));
});
