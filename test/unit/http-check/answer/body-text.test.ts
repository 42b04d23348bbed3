import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBody, excerpt } from '../../../../nodes/http-check/answer/body-text.ts';
import { textOf } from '../../../support/body-text.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('decodeBody() decodes the charset it is told and leaves binary alone', () => {
  assert.equal(textOf(new Uint8Array([0xe9]), 'text/plain; charset=ISO-8859-1'), 'é');
  assert.equal(textOf(bytes('{"a":1}'), 'application/problem+json'), '{"a":1}');
  assert.equal(textOf(bytes('x'), 'text/plain; charset=nonsense'), 'x');
  assert.equal(textOf(new Uint8Array([0x89, 0x50, 0]), 'image/png'), undefined);
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

test('bytes that are UTF-8 are text whatever the type says', () => {
  for (const type of ['application/octet-stream', 'application/x-ndjson', 'image/svg+xml', 'json', '', 'image/png'])
    assert.equal(textOf(bytes('{"größe":1}'), type), '{"größe":1}', type);
  const latin = new Uint8Array([0x47, 0x72, 0xf6, 0xdf, 0x65]);
  assert.equal(textOf(latin, 'text/plain'), 'Größe', 'what browsers take');
  assert.equal(textOf(latin, 'application/octet-stream'), undefined);
  const faulty = Buffer.concat([bytes('Größe '), latin]);
  assert.equal(textOf(faulty, 'text/plain'), 'Größe Gr\ufffd\ufffde', 'UTF-8 with a fault');
});

test('a body is in the charset of its mark, its type or its markup, in that order', () => {
  const page = (head: string): Uint8Array => Buffer.from(`${head}<p>Gr\xf6\xdfe`, 'latin1');
  for (const head of [
    '<meta charset="iso-8859-1">',
    "<META http-equiv='Content-Type' content='text/html; charset=windows-1252'>",
    '<!-- <meta charset=utf-8> --><meta charset=latin1>',
    '<?xml version="1.0" encoding="ISO-8859-1"?>',
  ])
    assert.match(textOf(page(head), 'text/html') ?? '', /Größe$/, head);
  assert.match(textOf(page('<meta charset=utf-8>'), 'text/html; charset=latin1') ?? '', /Größe$/);
  const text = '{"größe":1}';
  const little = Buffer.from(`\ufeff${text}`, 'utf16le');
  assert.equal(textOf(little, 'application/json'), text);
  assert.equal(textOf(Buffer.from(little).swap16(), 'application/json; charset=utf-16'), text);
  assert.equal(textOf(bytes(`\ufeff${text}`), 'application/json'), text);
});

test('a character that the limit cut does not make a text binary', () => {
  const decoding = decodeBody(bytes('ab€').subarray(0, 4), undefined, true);
  assert.deepEqual(decoding.next(), { done: true, value: 'ab' });
});
