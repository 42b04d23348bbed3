import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseCheckpoint } from '../../../nodes/auth-log-in/checkpoint.ts';

/** When the tests' states are read, in ms since the epoch. */
const NOW_MS = Date.parse('2026-11-24T00:00:00Z');

test('parseCheckpoint() takes the position of a file and that of the journal', () => {
  const file = { file: { path: '/a', files: [], done: [] } };
  const journal = { journal: { cursor: 's=1;i=2' } };
  assert.deepEqual(
    [file, journal, { journal: {} }].map((saved) => parseCheckpoint(saved, NOW_MS)),
    [file, journal, { journal: {} }],
  );
});

test('parseCheckpoint() gives undefined for JSON of any other shape, and never throws', () => {
  for (const bad of [null, 1, 'x', [], {}, { file: {} }, { file: { path: '/a' } }, { journal: { cursor: 1 } }]) {
    assert.equal(parseCheckpoint(bad, NOW_MS), undefined, JSON.stringify(bad));
  }
  fc.assert(fc.property(fc.jsonValue(), (value) => void parseCheckpoint({ file: value, journal: value }, NOW_MS)));
});
