import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Watermarks } from '../../../nodes/graylog-server/watermarks.ts';

test('sources pause above the high mark and go on at the low one; each is said once', () => {
  const said: [level: number, isFull: boolean][] = [];
  let level = 0;
  const marks = new Watermarks(
    () => level,
    (isFull) => said.push([level, isFull]),
  );
  for (level of [0, 0.8, 0.81, 1, 0.6, 0.51, 0.5, 0.6, 0.8, 0.9, 0]) marks.look();
  assert.deepEqual(said, [
    [0.81, true],
    [0.5, false],
    [0.9, true],
    [0, false],
  ]);
});
