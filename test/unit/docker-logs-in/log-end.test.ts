import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restOfLog, TAIL_MESSAGES } from '../../../nodes/docker-logs-in/log-end.ts';
import { lineOf, stampAt } from '../../support/docker-lines.ts';

const few = Buffer.concat([lineOf(5, 'a'), lineOf(6, 'b')]);
const many = Buffer.concat(Array.from({ length: TAIL_MESSAGES }, (_, number) => lineOf(5 + number, 'x')));

test('a tail that is the whole log, or reaches back to what was read, holds the rest', () => {
  assert.equal(restOfLog(few, {}, false), 'tail');
  assert.equal(restOfLog(few, { out: [stampAt(5), 1] }, false), 'tail');
  assert.equal(restOfLog(many, { out: [stampAt(6), 1] }, false), 'tail');
});

test('where the tail begins after what was read, the log itself has to be read on', () => {
  assert.equal(restOfLog(many, { out: [stampAt(4), 1] }, false), 'log');
  assert.equal(restOfLog(many, {}, false), 'log');
  assert.equal(
    restOfLog(few, { out: [stampAt(4), 1] }, false),
    'log',
    'it would hold what was read, were it the whole log',
  );
});

test('of a container that is gone the tail is all there is', () => {
  assert.equal(restOfLog(many, {}, true), 'tail');
});

test('an empty tail holds nothing, and one that is no log is an error', () => {
  assert.equal(restOfLog(Buffer.alloc(0), {}, false), 'none');
  assert.throws(() => restOfLog(Buffer.from([1, 9, 9, 9, 9, 9, 9, 9, 32]), {}, false), { code: 'LOG_FRAME_MALFORMED' });
});
