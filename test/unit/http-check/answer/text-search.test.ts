import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TextSearch } from '../../../../nodes/http-check/answer/text-search.ts';

function finds(
  match: string,
  body: Uint8Array,
  contentType: string | undefined,
  cuts: readonly number[] = [],
): boolean {
  const search = new TextSearch(match, contentType);
  const places = [0, ...cuts.toSorted((a, b) => a - b), body.length];
  for (const [index, from] of places.slice(0, -1).entries()) search.push(body.subarray(from, places[index + 1]));
  return search.isFound;
}

test('a text is found wherever the body is cut into parts, and not where it is not', () => {
  const unit = fc.constantFrom('a', 'b', 'ä', '€', '😀');
  const texts = fc.tuple(fc.string({ unit, maxLength: 5_000 }), fc.string({ unit, minLength: 1, maxLength: 6 }));
  fc.assert(
    fc.property(texts, fc.array(fc.nat(8_000)), ([text, match], cuts) => {
      const body = Buffer.from(text);
      const within = cuts.filter((cut) => cut <= body.length);
      assert.equal(finds(match, body, undefined, within), text.includes(match));
    }),
  );
});

test('a text is found as soon as its last byte is there', () => {
  const search = new TextSearch('KEYWORD', 'text/event-stream');
  assert.deepEqual(
    ['data: KEY', 'WOR', 'D\n', 'data: more\n'].map((line) => search.push(Buffer.from(line))),
    [false, false, true, true],
  );
});

test('a text is found in the charset of the body, and where it says none, in what browsers would take', () => {
  const latin = Buffer.from('<p>Gr\xf6\xdfe', 'latin1');
  assert.equal(finds('Größe', latin, 'text/html; charset=iso-8859-1'), true);
  assert.equal(finds('Größe', latin, 'text/html'), true);
  assert.equal(finds('Größe', Buffer.from('Größe'), 'text/html'), true);
  assert.equal(finds('Größe', Buffer.concat([Buffer.from('<meta charset=latin1>'), latin]), 'text/html'), true);
  assert.equal(finds('Größe', latin, 'application/octet-stream'), false);
  assert.equal(finds('%PDF-1.7', Buffer.from('%PDF-1.7\n%\xe2\xe3', 'latin1'), 'application/pdf'), true);
});
