import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Framer, type Room } from '../../../../nodes/gelf-in/frame/framer.ts';
import { cpuMsOf } from '../../../support/cpu-time.ts';

const ROOM = { take: () => true, release: () => undefined };

function framer(mostBytes = 2_097_152, room: Room = ROOM) {
  const dropped: string[] = [];
  return { dropped, framer: new Framer({ mostBytes, room, dropped: (reason) => dropped.push(reason) }) };
}

/** The frames of a stream that comes in these pieces, and what is left at its end. */
function framesOf(pieces: readonly Buffer[], mostBytes?: number) {
  const { framer: one, dropped } = framer(mostBytes);
  const frames = pieces.flatMap((piece) => one.push(piece)).map(String);
  const last = one.flush();
  return { frames: last === undefined ? frames : [...frames, String(last)], dropped };
}

function cut(stream: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % (stream.length + 1)))].sort((a, b) => a - b);
  return [...ends, stream.length].map((end, i) => stream.subarray(ends[i - 1] ?? 0, end));
}

const DOCUMENTS = fc.array(
  fc.record({
    host: fc.string({ minLength: 1, unit: 'grapheme' }),
    text: fc.string({ unit: 'binary' }),
    list: fc.array(fc.json()),
  }),
  { minLength: 1, maxLength: 8 },
);
const PLACES = fc.array(fc.nat(), { maxLength: 20 });

test('documents that end in NUL come out as they went in, however the stream is cut', () => {
  fc.assert(
    fc.property(DOCUMENTS, PLACES, fc.boolean(), (documents, places, isPretty) => {
      const texts = documents.map((document) => JSON.stringify(document, null, isPretty ? 2 : undefined));
      const stream = Buffer.from(texts.map((text) => `${text}\0`).join(''));
      const { frames, dropped } = framesOf(cut(stream, places));
      // A document with line breaks may have ended at its last one: nothing of it is missing.
      assert.deepEqual(
        frames.map((frame) => JSON.parse(frame)),
        documents.map((one) => JSON.parse(JSON.stringify(one))),
      );
      assert.deepEqual(dropped, []);
    }),
  );
});

test('so do documents that end in a newline, and both kinds in one stream', () => {
  const ends = fc.constantFrom('\n', '\r\n', '\0', '\0\n');
  fc.assert(
    fc.property(DOCUMENTS, PLACES, fc.array(ends, { minLength: 8, maxLength: 8 }), (documents, places, delimiters) => {
      const stream = Buffer.from(documents.map((one, i) => JSON.stringify(one) + delimiters[i]).join(''));
      const { frames } = framesOf(cut(stream, places));
      assert.deepEqual(
        frames.map((frame) => JSON.parse(frame)),
        documents.map((one) => JSON.parse(JSON.stringify(one))),
      );
    }),
  );
});

test('frames of blanks are none, and lines that are no objects end at their newline', () => {
  const { frames } = framesOf([Buffer.from('\0\n\0 \r\n\0hello\n{"a":1}\nworld\0')]);
  assert.deepEqual(frames, ['hello', '{"a":1}', 'world']);
});

test('a line that was cut takes only itself with it', () => {
  const lines = ['{"a":1}', '{"a":"cut', '{"a":2}', '{"a":{"b":', '{"a":3}', '{"a":4}'];
  const { frames } = framesOf([Buffer.from(lines.map((line) => `${line}\n`).join(''))]);
  assert.deepEqual(frames, lines);
});

test('what is larger than allowed is left out up to its end, whatever it ends in', () => {
  for (const end of ['\0', '\n']) {
    const large = JSON.stringify({ text: 'x'.repeat(300_000) });
    const stream = Buffer.from([large, '{"a":1}', large, large, '{"a":2}'].map((text) => text + end).join(''));
    const pieces = cut(stream, [70_000, 150_000, 250_000, 400_000, 600_000]);
    const { frames, dropped } = framesOf(pieces, 100_000);
    assert.deepEqual(frames, ['{"a":1}', '{"a":2}']);
    assert.deepEqual(dropped, ['tooLarge', 'tooLarge', 'tooLarge']);
  }
});

test('the room of an unfinished frame is asked for, and given back in any case', () => {
  let held = 0;
  let most = 0;
  const room = {
    take: (bytes: number) => {
      if (held + bytes > 500_000) return false;
      held += bytes;
      most = Math.max(most, held);
      return true;
    },
    release: (bytes: number) => {
      held -= bytes;
    },
  };
  const { framer: one, dropped } = framer(2_097_152, room);
  for (let i = 0; i < 20; i += 1) one.push(Buffer.alloc(50_000, 'x'));
  assert.deepEqual(dropped, ['full']);
  assert.equal(held, 0);
  assert.ok(most > 400_000);
  assert.deepEqual(one.push(Buffer.from('\0{"a":1}\0')).map(String), ['{"a":1}']);
  one.push(Buffer.alloc(200_000, 'x'));
  assert.ok(held > 0);
  one.close();
  assert.equal(held, 0);
});

test('a newline in each byte of two megabytes is looked at once', () => {
  const { framer: one } = framer();
  const tookMs = cpuMsOf(() => {
    one.push(Buffer.from('{"a":['));
    for (let i = 0; i < 30; i += 1) one.push(Buffer.from('}\n{'.repeat(20_000)));
  });
  // Looking again from the beginning at each of them would take minutes.
  assert.ok(tookMs < 10_000, `${tookMs} ms`);
});

test('any bytes make frames or nothing, and never an error', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (pieces) => {
      const { framer: one } = framer(100);
      for (const piece of pieces) for (const frame of one.push(Buffer.from(piece))) assert.ok(frame.length <= 100);
      one.flush();
      assert.equal(one.isInFrame, false);
    }),
  );
});
