import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineGate } from '../../../nodes/docker-logs-in/line-gate.ts';
import type { LogPosition } from '../../../nodes/docker-logs-in/position.ts';
import { stampAt } from '../../support/docker-lines.ts';

type Line = readonly [stream: number, stamp: string, text: string];

/** What a gate lets through: stream, stamp, index, text. */
function passed(lines: readonly Line[], position: LogPosition = {}, floor = ''): unknown[] {
  const seen: unknown[] = [];
  const sink = {
    line: (...[stream, stamp, index, text]: [number, string, number, string, boolean]) =>
      seen.push([stream, stamp, index, text]),
    passed: (stream: number, stamp: string, index: number) => seen.push(['passed', stream, stamp, index]),
    engineMessage: (text: string) => seen.push(text),
  };
  const gate = new LineGate(sink, position, floor);
  const last = new Map<number, { stamp: string; index: number }>();
  /** As the assembler counts: lines of a stream with the stamp of the one before. */
  const indexOf = (stream: number, stamp: string): number => {
    const before = last.get(stream);
    const index = before?.stamp === stamp ? before.index + 1 : 0;
    last.set(stream, { stamp, index });
    return index;
  };
  for (const [stream, stamp, text] of lines) gate.line(stream, stamp, indexOf(stream, stamp), text, false);
  gate.engineMessage('said');
  return seen.slice(0, -1);
}

test('a line that the engine repeats is dropped, so that ids are the same in every reading', () => {
  const [a, b] = [stampAt(1), stampAt(2)];
  assert.deepEqual(passed([[1, a, 'x'], [1, a, 'x'], [1, b, 'x']]), [[1, a, 0, 'x'], [1, b, 0, 'x']]); // biome-ignore format: pairs
});

test('lines with one stamp and other texts, or of the other stream, are lines of their own', () => {
  const a = stampAt(1);
  const lines: Line[] = [
    [1, a, 'x'],
    [1, a, 'y'],
    [2, a, 'y'],
  ];
  assert.deepEqual(passed(lines), [
    [1, a, 0, 'x'],
    [1, a, 1, 'y'],
    [2, a, 0, 'y'],
  ]);
});

test('a clock of whole seconds or microseconds gives equal lines the same stamp: they are counted', () => {
  for (const stamp of ['2026-11-23T18:00:00.000000000Z', '2026-11-23T18:00:00.123456000Z'])
    assert.deepEqual(
      passed([
        [1, stamp, 'tick'],
        [1, stamp, 'tick'],
      ]),
      [
        [1, stamp, 0, 'tick'],
        [1, stamp, 1, 'tick'],
      ],
    );
});

test('lines from before the floor are dropped, but of a stream that has a position', () => {
  const lines: Line[] = [
    [1, stampAt(1), 'a'],
    [2, stampAt(1), 'b'],
    [1, stampAt(5), 'c'],
    [1, stampAt(2), 'd'],
  ];
  const texts = (position: LogPosition): unknown[] =>
    passed(lines, position, stampAt(4)).map((line) => (line as unknown[])[3]);
  assert.deepEqual(texts({}), ['c', 'd']);
  assert.deepEqual(texts({ err: [stampAt(1), 1] }), ['b', 'c', 'd']);
});
