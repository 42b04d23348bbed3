import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINE_LIMIT } from '../../../../nodes/docker-logs-in/line/line-assembler.ts';
import { PIECE } from '../../../../nodes/docker-logs-in/line/pieces.ts';
import { frameOf, readLines, stampAt, textsOf } from '../../../support/docker-lines.ts';
import { big, ESC, mixed } from '../../../support/mixed-stream.ts';

test('the assembler joins pieces per stream, in order, and strips line ends and colours', () => {
  const reading = readLines(mixed);
  const expected = [
    '1 first',
    '2 to stderr ä€😀',
    '2 between the pieces',
    `1 ${big}end`,
    '1 ',
    '1 red',
    '1 the same moment',
  ];
  assert.deepEqual(textsOf(reading), expected);
  assert.deepEqual(reading.said, ['the log driver is unwell']);
  assert.deepEqual(
    reading.lines.slice(-2).map(({ stamp: at, index }) => [at, index]),
    [
      [stampAt(6), 0],
      [stampAt(6), 1],
    ],
  );
});

test('a line over the limit is cut once, and its rest is dropped', () => {
  const pieces = Array.from({ length: 40 }, () => frameOf(1, `${stampAt(1)} ${big}`));
  const bytes = Buffer.concat([...pieces, frameOf(1, `${stampAt(1)} end\n`), frameOf(1, `${stampAt(2)} next\n`)]);
  const { lines } = readLines(bytes);
  assert.deepEqual(
    lines.map(({ text, isTruncated }) => [text.length, isTruncated]),
    [
      [LINE_LIMIT, true],
      [4, false],
    ],
  );
  const bare = Buffer.from(`${stampAt(1)} ${`${big}${stampAt(1)} `.repeat(40)}end\n${stampAt(2)} next\n`);
  assert.deepEqual(
    readLines(bare).lines.map(({ text, isTruncated }) => [text.length, isTruncated]),
    lines.map(({ text, isTruncated }) => [text.length, isTruncated]),
  );
});

test('a line without a line end is told when the next one has another stamp, or at the end', () => {
  const bytes = Buffer.concat([
    frameOf(1, `${stampAt(1)} died here`),
    frameOf(1, `${stampAt(2)} new run\n`),
    frameOf(1, `${stampAt(3)} no end`),
  ]);
  assert.deepEqual(textsOf(readLines(bytes)), ['1 died here', '1 new run', '1 no end']);
  const open = readLines(bytes, [], false);
  assert.deepEqual(textsOf(open), ['1 died here', '1 new run']);
  assert.equal(open.pending, stampAt(3));
});

test('bytes that are not UTF-8 become replacement characters', () => {
  const payload = Buffer.concat([Buffer.from(`${stampAt(1)} a`), Buffer.from([0xff, 0xc3]), Buffer.from('\n')]);
  assert.deepEqual(textsOf(readLines(frameOf(1, payload))), ['1 a��']);
});

test('a character that is cut between two pieces is whole', () => {
  const euro = Buffer.from('€');
  const first = Buffer.concat([Buffer.from(`${stampAt(1)} x`), euro.subarray(0, 1)]);
  const second = Buffer.concat([Buffer.from(`${stampAt(1)} `), euro.subarray(1), Buffer.from('y\n')]);
  assert.deepEqual(textsOf(readLines(Buffer.concat([frameOf(1, first), frameOf(1, second)]))), ['1 x€y']);
});

test('a stamp in another zone or with fewer decimals is told in UTC with nine', () => {
  const { lines } = readLines(frameOf(1, '2026-11-23T20:00:00.5+02:00 text\n'));
  assert.deepEqual(
    lines.map(({ stamp: at, text }) => [at, text]),
    [['2026-11-23T18:00:00.500000000Z', 'text']],
  );
});

test('a line over the limit that comes in one frame is cut, whatever its length says', () => {
  for (const length of [LINE_LIMIT + 1, LINE_LIMIT + 40_000, 10_000_000]) {
    const bytes = Buffer.concat([
      frameOf(1, `${stampAt(1)} ${'x'.repeat(length)}\n`),
      frameOf(1, `${stampAt(2)} next\n`),
    ]);
    for (const cuts of [[], [5, 100, 300_000], Array.from({ length: 150 }, (_, part) => part * 65_536)]) {
      const { lines } = readLines(
        bytes,
        cuts.filter((cut) => cut < bytes.length),
      );
      assert.deepEqual(
        lines.map(({ text, isTruncated }) => [text.length, isTruncated]),
        [
          [LINE_LIMIT, true],
          [4, false],
        ],
      );
    }
  }
});

test('what the engine says is cut to what can be read', () => {
  assert.ok((readLines(frameOf(3, 'x'.repeat(100_000))).said[0]?.length ?? 0) <= 500);
});

test('of a progress bar the last state is told, however long it wrote', () => {
  const bar = (updates: number): string =>
    Array.from({ length: updates }, (_, at) => `\r${'#'.repeat(40)} ${at + 1}/${updates} files`).join('');
  for (const updates of [3, 400, 20_000]) {
    const expected = `${'#'.repeat(40)} ${updates}/${updates} files`;
    for (const end of ['\n', '\r\n', '\r\r\n', `\r${ESC}[K\n`, '\r      \r\n']) {
      const text = Buffer.from(`${bar(updates)}${end}`);
      const frames: Buffer[] = [];
      const terminal: Buffer[] = [];
      for (let at = 0; at < text.length; at += PIECE) {
        const piece = Buffer.concat([Buffer.from(`${stampAt(1)} `), text.subarray(at, at + PIECE)]);
        frames.push(frameOf(1, piece));
        terminal.push(piece);
      }
      for (const bytes of [Buffer.concat([...frames, frameOf(1, `${stampAt(2)} next\n`)]), Buffer.concat(terminal)]) {
        for (const cuts of [[], Array.from({ length: 100 }, (_, part) => part * 20_011)]) {
          const [line] = readLines(
            bytes,
            cuts.filter((cut) => cut < bytes.length),
          ).lines;
          assert.deepEqual([line?.text, line?.isTruncated], [expected, false], JSON.stringify([updates, end]));
        }
      }
    }
  }
});

test('a byte that begins a colour without being UTF-8 takes its sequence with it, and no other text', () => {
  const said = (bytes: string): string | undefined =>
    readLines(frameOf(1, Buffer.concat([Buffer.from(`${stampAt(1)} `), Buffer.from(bytes, 'latin1')]))).lines[0]?.text;
  assert.equal(said('\x9b31mred\x9b0m\n'), 'red');
  assert.equal(said('caf\xe9 \x9bRetour\n'), 'caf\ufffd \ufffdRetour');
});

test('what Podman hands on of a line before its end is part of the line, with the stamp of its last part', () => {
  const frames = ['11Z begin ', '13Z end\n', '13Z two\n'].map((text) => frameOf(1, `2026-11-23T18:00:${text}`));
  const { lines } = readLines(Buffer.concat(frames));
  assert.deepEqual(
    lines.map(({ stamp, index, text }) => [stamp, index, text]),
    [
      ['2026-11-23T18:00:13.000000000Z', 0, 'begin end'],
      ['2026-11-23T18:00:13.000000000Z', 1, 'two'],
    ],
  );
  const early = readLines(frames[0] as Buffer, [], false);
  assert.deepEqual([early.lines, early.pending], [[], '2026-11-23T18:00:11.000000000Z']);
});

test('the stamps that Podman puts into a long line of a terminal are no text of it', () => {
  const stamp = '2026-11-23T18:00:13Z ';
  const bytes = Buffer.from(
    `${stamp}${'a'.repeat(4_090)}${stamp}${'b'.repeat(4_095)}${stamp}c\r\n${stamp}at ${stamp}d\r\n`,
  );
  for (const cuts of [[], [4_100], [8_215]]) {
    const { lines } = readLines(bytes, cuts);
    assert.deepEqual(
      lines.map(({ text }) => text),
      [`${'a'.repeat(4_090)}${'b'.repeat(4_095)}c`, `at ${stamp}d`],
    );
  }
});
