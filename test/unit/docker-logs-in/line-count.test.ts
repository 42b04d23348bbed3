import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countLines } from '../../../nodes/docker-logs-in/line-count.ts';
import type { LogPosition } from '../../../nodes/docker-logs-in/position.ts';
import { frameOf, lineOf, stampAt } from '../../support/docker-lines.ts';

const log = Buffer.concat([
  lineOf(1, 'a'),
  frameOf(2, `${stampAt(2)} b\n`),
  lineOf(3, 'c'),
  lineOf(3, 'c'),
  lineOf(4, 'd'),
  frameOf(1, `${stampAt(5)} no end`),
]);
const out = (number: number): LogPosition => ({ out: [stampAt(number), 1] });

test('`countLines()` counts what comes after one position, up to another one, each line once', () => {
  assert.equal(countLines(log, out(1), out(4), ''), 2);
  assert.equal(countLines(log, out(1), { ...out(4), err: [stampAt(2), 1] }, ''), 3);
  assert.equal(countLines(log, out(3), out(3), ''), 0);
  assert.equal(countLines(log, {}, out(4), stampAt(3)), 2);
});
