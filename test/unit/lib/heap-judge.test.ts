import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeapJudge } from '../../../lib/heap-judge.ts';

const MB = 1024 ** 2;
const LIMIT = 4_000 * MB;

test('a heap in which ever more lives is tight, and no longer once half of that is gone', () => {
  const judge = new HeapJudge(LIMIT, 80 * MB);
  judge.collected(50 * MB, 0);
  judge.collected(110 * MB, 1);
  assert.equal(judge.isTight, false);
  judge.collected(120 * MB, 2);
  assert.equal(judge.isTight, true);
  judge.collected(90 * MB, 3);
  assert.equal(judge.isTight, true);
  judge.collected(80 * MB, 4);
  assert.equal(judge.isTight, false);
});

test('garbage alone does not make a heap tight, until it is nearly full', () => {
  const judge = new HeapJudge(LIMIT, 50 * MB);
  judge.used(3_000 * MB, 0);
  assert.equal(judge.isTight, false);
  judge.used(3_300 * MB, 1);
  assert.equal(judge.isTight, true);
  judge.collected(60 * MB, 2);
  assert.equal(judge.isTight, false);
});

test('a small heap is tight before it has grown so far', () => {
  const judge = new HeapJudge(100 * MB, 40 * MB);
  judge.collected(61 * MB, 0);
  assert.equal(judge.isTight, true);
});

test('what stays in the heap for a minute though next to nothing is sent is not held for this', () => {
  const judge = new HeapJudge(LIMIT, 50 * MB);
  judge.collected(400 * MB, 0);
  judge.collected(400 * MB, 59_000);
  assert.equal(judge.isTight, true);
  judge.collected(400 * MB, 61_000);
  assert.equal(judge.isTight, false);
  judge.collected(440 * MB, 62_000);
  assert.equal(judge.isTight, true);
});

test('it wants a collection where much may be garbage, and while it is tight, but not soon after one', () => {
  const judge = new HeapJudge(LIMIT, 50 * MB);
  assert.equal(judge.used(140 * MB, 0), false);
  assert.equal(judge.used(150 * MB, 0), true);
  judge.collected(140 * MB, 1_000);
  assert.equal(judge.isTight, true);
  assert.equal(judge.used(140 * MB, 30_999), false);
  assert.equal(judge.used(140 * MB, 31_000), true);
  judge.collected(60 * MB, 31_500);
  assert.equal(judge.used(170 * MB, 41_000), false);
  assert.equal(judge.used(170 * MB, 41_500), true);
});

test('it wants one soon where all that may live may be there already', () => {
  const judge = new HeapJudge(LIMIT, 50 * MB);
  judge.collected(100 * MB, 1_000);
  assert.equal(judge.used(220 * MB, 1_500), false);
  assert.equal(judge.used(205 * MB, 2_000), false);
  assert.equal(judge.used(220 * MB, 2_000), true);
});
