import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CriLines, parseCriLine } from '../../../../nodes/docker-logs-in/line/cri-lines.ts';

interface Heard {
  readonly lines: (readonly [stream: number, stamp: string, index: number, text: string, isTruncated: boolean])[];
  readonly assembler: CriLines;
}

function assemble(): Heard {
  const lines: Heard['lines'] = [];
  const assembler = new CriLines({
    line: (...line) => lines.push(line),
    engineMessage: () => undefined,
  });
  return { lines, assembler };
}

const STAMP = '2026-11-26T10:00:00.123456789Z';

test('`parseCriLine()` reads the time, the stream, the tags and where the text begins', () => {
  const cases: [line: string, expected: unknown][] = [
    [`${STAMP} stdout F hello world`, { stamp: STAMP, stream: 1, isPartial: false, from: 40 }],
    [`${STAMP} stderr P part`, { stamp: STAMP, stream: 2, isPartial: true, from: 40 }],
    [`${STAMP} stdout F `, { stamp: STAMP, stream: 1, isPartial: false, from: 40 }],
    [`${STAMP} stdout F`, { stamp: STAMP, stream: 1, isPartial: false, from: 39 }],
    [`${STAMP} stdout P:later a`, { stamp: STAMP, stream: 1, isPartial: true, from: 46 }],
    // The runtime leaves zeros at the end out, and writes the zone of its host.
    [
      '2026-11-26T11:00:00.5+01:00 stdout F x',
      { stamp: '2026-11-26T10:00:00.500000000Z', stream: 1, isPartial: false, from: 37 },
    ],
    [
      '2026-11-26T10:00:00Z stdout F x',
      { stamp: '2026-11-26T10:00:00.000000000Z', stream: 1, isPartial: false, from: 30 },
    ],
  ];
  for (const [line, expected] of cases) assert.deepEqual(parseCriLine(line), expected, line);
});

test('`parseCriLine()` gives nothing for what no runtime writes', () => {
  const lines = ['', 'x', '{"log":"x\\n","stream":"stdout"}', `${STAMP}`, `${STAMP} stdout`, `${STAMP} stdin F x`];
  lines.push(
    `${STAMP} stdout X text`,
    'yesterday stdout F text',
    `${STAMP}  stdout F text`,
    'NaN-11-26T10:00:00Z stdout F x',
  );
  for (const line of lines) assert.equal(parseCriLine(line), undefined, line);
});

test('any text parts into pieces of any length and comes back whole, whatever the other stream writes between', () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 }).map((value) => value.replace(/\p{Cc}/gu, ''));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 50 }), (whole, size) => {
      const { lines, assembler } = assemble();
      const bytes = Buffer.from(whole).toString('latin1');
      for (let at = 0; at === 0 || at < bytes.length; at += size) {
        const isLast = at + size >= bytes.length;
        assembler.take(`${STAMP} stdout ${isLast ? 'F' : 'P'} ${bytes.slice(at, at + size)}`);
        assembler.take(`${STAMP} stderr F between`);
      }
      const joined = lines.filter(([stream]) => stream === 1);
      assert.deepEqual(
        joined.map(([, , , found]) => found),
        [Buffer.from(whole).toString()],
      );
    }),
  );
});

test('whatever a file holds, nothing is thrown and what is foreign is counted', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 80 })), (found) => {
      const { lines, assembler } = assemble();
      for (const line of found) assembler.take(line);
      assembler.end();
      assert.ok(
        assembler.takeForeign() + lines.length >= found.filter((line) => parseCriLine(line) === undefined).length,
      );
    }),
  );
});

test('lines with one stamp are counted on, also by somebody who begins behind them', () => {
  const first = assemble();
  for (const text of ['a', 'b']) first.assembler.take(`${STAMP} stdout F ${text}`);
  const second = assemble();
  second.assembler.restart(first.assembler.last);
  second.assembler.take(`${STAMP} stdout F c`);
  assert.deepEqual(
    [...first.lines, ...second.lines].map(([, , index, text]) => [index, text]),
    [
      [0, 'a'],
      [1, 'b'],
      [2, 'c'],
    ],
  );
});

test('a line over the limit is cut within no character, and the next one is whole', () => {
  const { lines, assembler } = assemble();
  const part = Buffer.from('ä'.repeat(8192)).toString('latin1');
  for (let count = 0; count < 40; count += 1) assembler.take(`${STAMP} stdout P ${count === 0 ? `x${part}` : part}`);
  assembler.take(`${STAMP} stdout F end`);
  assembler.take(`${STAMP} stdout F next`);
  assert.deepEqual(
    lines.map(([, , , text, isTruncated]) => [text.length, isTruncated]),
    [
      [131_072, true],
      [4, false],
    ],
  );
  assert.ok(lines[0]?.[3].endsWith('ä'));
});

test('colours and the returns of a terminal are shown as Docker’s are', () => {
  const { lines, assembler } = assemble();
  assembler.take(`${STAMP} stdout F \x1b[31mred\x1b[0m\r`);
  assembler.take(`${STAMP} stdout F 10 %\r20 %`);
  assert.deepEqual(
    lines.map(([, , , text]) => text),
    ['red', '20 %'],
  );
});
