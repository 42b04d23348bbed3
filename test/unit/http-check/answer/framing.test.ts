import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ChunkDecoder, encodingsOf, framingDeviation, framingOf } from '../../../../nodes/http-check/answer/framing.ts';

function head(fields: { [name: string]: string[] | undefined }, code = 200) {
  return { code, fields: new Map(Object.entries(fields).map(([name, values = []]) => [name, values] as const)) };
}

test('framingOf() finds the end of a body as curl does', () => {
  const framing = (fields: { [name: string]: string[] }, method = 'GET', code = 200) =>
    framingOf(method, head(fields, code));
  assert.deepEqual(framing({ 'content-length': ['5'] }), { kind: 'length', bytes: 5 });
  assert.deepEqual(framing({ 'content-length': ['5', '5'] }), { kind: 'length', bytes: 5 });
  assert.deepEqual(framing({ 'content-length': ['5, 5'] }), { kind: 'length', bytes: 5 });
  assert.deepEqual(framing({ 'content-length': ['9'.repeat(30)] }), { kind: 'close' });
  assert.deepEqual(framing({ 'content-length': ['5'], 'transfer-encoding': ['gzip, Chunked'] }), { kind: 'chunked' });
  assert.deepEqual(framing({ 'transfer-encoding': ['identity'] }), { kind: 'close' });
  for (const [method, code] of [
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
    ['GET', 101],
  ] as const)
    assert.deepEqual(framing({ 'content-length': ['5'] }, method, code), { kind: 'none' });
  for (const text of ['', '-1', 'abc'])
    assert.throws(() => framing({ 'content-length': [text] }), { code: 'BAD_CONTENT_LENGTH' });
});

test('framingDeviation() knows lengths that a strict parser refuses', () => {
  assert.equal(framingDeviation(head({ 'content-length': ['5'] })), undefined);
  for (const fields of [
    { 'content-length': ['5', '5'] },
    { 'content-length': ['5'], 'transfer-encoding': ['chunked'] },
    { 'content-length': ['5, 5'] },
  ])
    assert.equal(framingDeviation(head(fields)), 'content-length');
});

test('encodingsOf() lists them as they were applied, over lines', () => {
  const fields = { 'content-encoding': ['gzip', 'BR, x-gzip'], 'transfer-encoding': ['deflate, chunked'] };
  assert.deepEqual(encodingsOf(head(fields)), ['gzip', 'br', 'x-gzip', 'deflate']);
});

/** The body in the chunks of `text`, which comes in parts. */
function decode(text: string, cuts: readonly number[] = []): { body: string; isDone: boolean } {
  const decoder = new ChunkDecoder();
  const bytes = Buffer.from(text, 'latin1');
  const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  const parts = places.slice(0, -1).flatMap((from, index) => decoder.push(bytes.subarray(from, places[index + 1])));
  return { body: Buffer.concat(parts).toString('latin1'), isDone: decoder.isDone };
}

test('chunks are taken apart wherever they are cut', () => {
  const chunks = fc.array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 8 });
  fc.assert(
    fc.property(chunks, fc.array(fc.nat(400)), fc.constantFrom('\r\n', '\n'), (parts, cuts, end) => {
      const text = [...parts, ''].map((part) => `${part.length.toString(16)};x=y${end}${part}${part && end}`).join('');
      const whole = `${text}Trailer: a${end}${end}`;
      const within = cuts.filter((cut) => cut <= whole.length);
      assert.deepEqual(decode(whole, within), { body: parts.join(''), isDone: true });
    }),
  );
});

test('chunks that are none are refused, and those without an end are not done', () => {
  for (const text of ['x\r\n', '\r\n', '3\r\nabcd', 'ffffffffffffffffffff\r\n'])
    assert.throws(() => decode(text), { code: 'BAD_CHUNK' }, text);
  assert.equal(decode('3\r\nabc\r\n').isDone, false);
  assert.equal(decode('0\r\n').isDone, false);
});
