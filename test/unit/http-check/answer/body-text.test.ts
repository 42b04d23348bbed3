import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBody, excerpt, textMismatch, textOf } from '../../../../nodes/http-check/answer/body-text.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('textOf() decodes the charset it is told and leaves binary alone', () => {
  assert.equal(textOf(new Uint8Array([0xe9]), 'text/plain; charset=ISO-8859-1'), 'é');
  assert.equal(textOf(bytes('{"a":1}'), 'application/problem+json'), '{"a":1}');
  assert.equal(textOf(bytes('x'), 'text/plain; charset=nonsense'), 'x');
  assert.equal(textOf(bytes('x'), 'image/png'), undefined);
  assert.equal(textOf(bytes('plain'), undefined), 'plain');
  assert.equal(textOf(new Uint8Array([0x89, 0x50, 0]), undefined), undefined);
});

test('excerpt() never leaves half a character', () => {
  assert.equal(excerpt('ab😀', 3), 'ab');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, length) => {
      assert.ok(encodeURIComponent(excerpt(text, length)) !== undefined);
    }),
  );
});

test('textMismatch() says what is wrong with the body', () => {
  assert.equal(textMismatch('contains', 'ok', 'all ok'), undefined);
  assert.equal(textMismatch('contains', 'ok', 'bad'), 'the body does not contain ok');
  assert.equal(textMismatch('excludes', 'error', 'an error'), 'the body contains error');
});

test('decodeBody() decodes a large body in pieces, and no character is cut by one', () => {
  const body = Buffer.from(`${'ü€😀'.repeat(1_000_000)}.`);
  const decoding = decodeBody(body, 'text/plain');
  let [pieces, step] = [1, decoding.next()];
  for (; step.done !== true; step = decoding.next()) pieces += 1;
  assert.equal(pieces, 3);
  assert.equal(step.value, body.toString());
  assert.equal(textOf(Buffer.concat([body, Buffer.from([0])]), undefined), undefined);
  assert.equal(textOf(new Uint8Array(), undefined), '');
});
