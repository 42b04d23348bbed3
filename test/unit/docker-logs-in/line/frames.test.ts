import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { errorCode } from '../../../../lib/errors.ts';
import { countMessages, FrameSplitter, firstStamp } from '../../../../nodes/docker-logs-in/line/frames.ts';
import { frameOf, lineOf, readLines, stampAt, textsOf } from '../../../support/docker-lines.ts';
import { big, mixed } from '../../../support/mixed-stream.ts';

test('the splitter gives the same lines wherever the stream is cut', () => {
  const whole = readLines(mixed);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: mixed.length }), { maxLength: 40 }), (cuts) => {
      assert.deepEqual(readLines(mixed, cuts), whole);
    }),
    { numRuns: 200 },
  );
  const short = Buffer.concat([
    frameOf(1, `${stampAt(1)} a\n`),
    frameOf(2, `${stampAt(2)} ü\n`),
    frameOf(1, `${stampAt(3)} \n`),
  ]);
  const everyByte = Array.from({ length: short.length }, (_, position) => position);
  assert.deepEqual(readLines(short, everyByte), readLines(short));
});

test('the splitter reads the bare stream of a TTY, with the stamps before the pieces of a long line', () => {
  const bare = Buffer.from(
    `${stampAt(1)} one\r\n${stampAt(2)} ${big}${stampAt(2)} ${big}${stampAt(2)} rest\r\n${stampAt(3)} ${big}\n${stampAt(4)} last`,
  );
  const whole = readLines(bare);
  assert.deepEqual(textsOf(whole), ['1 one', `1 ${big}${big}rest`, `1 ${big}`, '1 last']);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: bare.length }), { maxLength: 20 }), (cuts) => {
      assert.deepEqual(textsOf(readLines(bare, cuts)), textsOf(whole));
    }),
    { numRuns: 100 },
  );
});

test('garbage is an error, not a line', () => {
  const splitter = new FrameSplitter({ frame: () => undefined }, 1024);
  assert.throws(() => splitter.push(Buffer.from('HTTP/1.1 500\r\n')), { code: 'LOG_FRAME_MALFORMED' });
  const endless = Buffer.from([1, 0, 0, 0, 255, 255, 255, 255, 1]);
  assert.throws(() => readLines(endless), { code: 'LOG_FRAME_MALFORMED' });
  assert.throws(() => readLines(frameOf(1, 'no stamp here\n')), { code: 'LOG_STAMP_MISSING' });
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
      try {
        assert.deepEqual(readLines(Buffer.from(bytes)).lines, []);
      } catch (error) {
        assert.match(String(errorCode(error)), /^LOG_/);
      }
    }),
  );
});

test('`firstStamp()` gives the stamp of the first message, with a TTY or without, and none of the engine’s own words', () => {
  assert.equal(firstStamp(lineOf(7, 'text')), stampAt(7));
  assert.equal(firstStamp(Buffer.from(`${stampAt(8)} text\r\n`)), stampAt(8));
  for (const bytes of [Buffer.alloc(0), frameOf(3, 'error reading the log')])
    assert.equal(firstStamp(bytes), undefined);
});

test('`countMessages()` counts lines and the pieces of long ones', () => {
  assert.equal(countMessages(Buffer.concat([lineOf(1, 'a'), frameOf(1, `${stampAt(2)} ${big}`), lineOf(2, 'end')])), 3);
  assert.equal(countMessages(Buffer.from(`${stampAt(1)} a\r\n${stampAt(2)} ${big}${stampAt(2)} end\r\n`)), 3);
  assert.equal(countMessages(Buffer.alloc(0)), 0);
});

test('a terminal’s log that was cut within a stamp ends without an error and without a line', () => {
  const whole = `${stampAt(1)} one\r\n${stampAt(2)} two`;
  for (let cut = 1; cut < whole.length; cut += 1) {
    const texts = textsOf(readLines(Buffer.from(whole.slice(0, cut))));
    assert.ok(texts.length <= 2, String(texts));
  }
});
