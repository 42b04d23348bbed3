import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createFrameSplitter, createLogSplitter, PIECE } from '../../../../nodes/docker-logs-in/line/frames.ts';
import {
  createLineAssembler,
  LINE_LIMIT,
  withoutEscapes,
} from '../../../../nodes/docker-logs-in/line/line-assembler.ts';

const ESC = String.fromCharCode(27);
const stamp = (number: number): string => `2026-11-23T18:00:00.${String(number).padStart(9, '0')}Z`;

function frame(stream: number, payload: string | Buffer): Buffer {
  const body = Buffer.from(payload);
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

interface Line {
  stream: number;
  stamp: string;
  index: number;
  text: string;
  isTruncated: boolean;
}

interface LogReader {
  readonly lines: Line[];
  readonly said: string[];
  readonly pending: string | undefined;
}

/** Reads `bytes` cut at the given positions. */
function read(bytes: Buffer, cuts: readonly number[] = [], atEnd = true): LogReader {
  const lines: Line[] = [];
  const said: string[] = [];
  const assembler = createLineAssembler({
    line: (stream, at, index, text, isTruncated) => lines.push({ stream, stamp: at, index, text, isTruncated }),
    engineMessage: (text) => said.push(text),
  });
  const splitter = createLogSplitter(assembler, LINE_LIMIT);
  let start = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    splitter.push(bytes.subarray(start, cut));
    start = cut;
  }
  splitter.push(bytes.subarray(start));
  const pending = assembler.pending();
  if (atEnd) {
    splitter.end();
    assembler.end();
  }
  return { lines, said, pending };
}

const texts = ({ lines }: LogReader): string[] => lines.map(({ stream, text }) => `${stream} ${text}`);

const big = 'x'.repeat(PIECE);
const mixed = Buffer.concat([
  frame(1, `${stamp(1)} first\n`),
  frame(2, `${stamp(2)} to stderr ä€😀\n`),
  frame(1, `${stamp(3)} ${big}`),
  frame(2, `${stamp(4)} between the pieces\n`),
  frame(1, `${stamp(3)} end\n`),
  frame(3, 'the log driver is unwell\n'),
  frame(1, `${stamp(5)} \n`),
  frame(1, `${stamp(6)} ${ESC}[31mred${ESC}[0m\r\n`),
  frame(1, `${stamp(6)} the same moment\n`),
]);

test('the splitter joins pieces per stream, in order, and strips line ends and colours', () => {
  const reading = read(mixed);
  const expected = [
    '1 first',
    '2 to stderr ä€😀',
    '2 between the pieces',
    `1 ${big}end`,
    '1 ',
    '1 red',
    '1 the same moment',
  ];
  assert.deepEqual(texts(reading), expected);
  assert.deepEqual(reading.said, ['the log driver is unwell']);
  assert.deepEqual(
    reading.lines.slice(-2).map(({ stamp: at, index }) => [at, index]),
    [
      [stamp(6), 0],
      [stamp(6), 1],
    ],
  );
});

test('the splitter gives the same lines wherever the stream is cut', () => {
  const whole = read(mixed);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: mixed.length }), { maxLength: 40 }), (cuts) => {
      assert.deepEqual(read(mixed, cuts), whole);
    }),
    { numRuns: 200 },
  );
  const short = Buffer.concat([frame(1, `${stamp(1)} a\n`), frame(2, `${stamp(2)} ü\n`), frame(1, `${stamp(3)} \n`)]);
  const everyByte = Array.from({ length: short.length }, (_, position) => position);
  assert.deepEqual(read(short, everyByte), read(short));
});

test('the splitter reads the bare stream of a TTY, with the stamps before the pieces of a long line', () => {
  const bare = Buffer.from(
    `${stamp(1)} one\r\n${stamp(2)} ${big}${stamp(2)} ${big}${stamp(2)} rest\r\n${stamp(3)} ${big}\n${stamp(4)} last`,
  );
  const whole = read(bare);
  assert.deepEqual(texts(whole), ['1 one', `1 ${big}${big}rest`, `1 ${big}`, '1 last']);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: bare.length }), { maxLength: 20 }), (cuts) => {
      assert.deepEqual(texts(read(bare, cuts)), texts(whole));
    }),
    { numRuns: 100 },
  );
});

test('a line over the limit is cut once, and its rest is dropped', () => {
  const pieces = Array.from({ length: 40 }, () => frame(1, `${stamp(1)} ${big}`));
  const bytes = Buffer.concat([...pieces, frame(1, `${stamp(1)} end\n`), frame(1, `${stamp(2)} next\n`)]);
  const { lines } = read(bytes);
  assert.deepEqual(
    lines.map(({ text, isTruncated }) => [text.length, isTruncated]),
    [
      [LINE_LIMIT, true],
      [4, false],
    ],
  );
  const bare = Buffer.from(`${stamp(1)} ${`${big}${stamp(1)} `.repeat(40)}end\n${stamp(2)} next\n`);
  assert.deepEqual(
    read(bare).lines.map(({ text, isTruncated }) => [text.length, isTruncated]),
    lines.map(({ text, isTruncated }) => [text.length, isTruncated]),
  );
});

test('a line without a line end is told when the next one has another stamp, or at the end', () => {
  const bytes = Buffer.concat([
    frame(1, `${stamp(1)} died here`),
    frame(1, `${stamp(2)} new run\n`),
    frame(1, `${stamp(3)} no end`),
  ]);
  assert.deepEqual(texts(read(bytes)), ['1 died here', '1 new run', '1 no end']);
  const open = read(bytes, [], false);
  assert.deepEqual(texts(open), ['1 died here', '1 new run']);
  assert.equal(open.pending, stamp(3));
});

test('bytes that are not UTF-8 become replacement characters', () => {
  const payload = Buffer.concat([Buffer.from(`${stamp(1)} a`), Buffer.from([0xff, 0xc3]), Buffer.from('\n')]);
  assert.deepEqual(texts(read(frame(1, payload))), ['1 a��']);
});

test('a character that is cut between two pieces is whole', () => {
  const euro = Buffer.from('€');
  const first = Buffer.concat([Buffer.from(`${stamp(1)} x`), euro.subarray(0, 1)]);
  const second = Buffer.concat([Buffer.from(`${stamp(1)} `), euro.subarray(1), Buffer.from('y\n')]);
  assert.deepEqual(texts(read(Buffer.concat([frame(1, first), frame(1, second)]))), ['1 x€y']);
});

test('a stamp in another zone or with fewer decimals is told in UTC with nine', () => {
  const { lines } = read(frame(1, '2026-11-23T20:00:00.5+02:00 text\n'));
  assert.deepEqual(
    lines.map(({ stamp: at, text }) => [at, text]),
    [['2026-11-23T18:00:00.500000000Z', 'text']],
  );
});

test('garbage is an error, not a line', () => {
  assert.throws(
    () => createFrameSplitter({ frame: () => undefined }).push(Buffer.from('HTTP/1.1 500\r\n')),
    /no frame/,
  );
  assert.throws(() => read(Buffer.from([1, 0, 0, 0, 255, 255, 255, 255, 1])), /no frame/);
  assert.throws(() => read(frame(1, 'no stamp here\n')), /time stamp/);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
      try {
        assert.deepEqual(read(Buffer.from(bytes)).lines, []);
      } catch (error) {
        assert.match((error as Error).message, /frame|time stamp/);
      }
    }),
  );
});

test('`withoutEscapes()` removes colours, cursor movements, titles and links', () => {
  const cases: [string, string][] = [
    [`${ESC}[1;38;5;12mblue${ESC}[m`, 'blue'],
    [`${ESC}[2K${ESC}[1Gdone`, 'done'],
    [`${ESC}]0;title${String.fromCharCode(7)}text`, 'text'],
    [`${ESC}]8;;http://x${ESC}\\link${ESC}]8;;${ESC}\\`, 'link'],
    [`${ESC}(Bplain`, 'plain'],
    ['[31m stays', '[31m stays'],
  ];
  for (const [text, plain] of cases) assert.equal(withoutEscapes(text), plain);
});
