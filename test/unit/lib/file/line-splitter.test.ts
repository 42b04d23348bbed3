import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type IdGiver,
  type Line,
  LineSplitter,
  MAX_LINE_BYTES,
  MOST_NOTED,
} from '../../../../lib/file/line-splitter.ts';

/** An id is the line's place. */
class PlaceIds implements IdGiver {
  #places: number[] = [];

  note(offset: number): void {
    this.#places.push(offset);
    assert.ok(this.#places.length <= MOST_NOTED);
  }

  give(lines: readonly Line[], first: number): void {
    for (const [n, place] of this.#places.entries()) (lines[first + n] as Line).id = String(place);
    assert.equal(first + this.#places.length, lines.length);
    this.#places = [];
  }
}

/** The lines of `bytes`, which come in chunks of the given sizes. */
function split(bytes: Buffer, sizes: readonly number[] = [bytes.length]): { lines: Line[]; splitter: LineSplitter } {
  const splitter = new LineSplitter(new PlaceIds());
  const lines: Line[] = [];
  let at = 0;
  for (let index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? bytes.length;
    splitter.split(bytes.subarray(at, at + size), at, lines);
    at += size;
  }
  return { lines, splitter };
}

const texts = (lines: Line[]): string[] => lines.map(({ text }) => text);

test('lines and their places are the same however the bytes come in chunks', () => {
  const piece = fc.constantFrom('\n', '\r\n', 'a', 'ü', '日本', '\0', 'some words ');
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), sizes, (pieces, chunkSizes) => {
      const bytes = Buffer.from(pieces.join(''));
      const whole = split(bytes);
      const parts = split(bytes, chunkSizes);
      assert.deepEqual(parts.lines, whole.lines);
      assert.equal(parts.splitter.position, whole.splitter.position);
    }),
  );
});

test('the id of a line is made of its place in bytes, also after characters of several', () => {
  assert.deepEqual(split(Buffer.from('grün\nb\n\nc\n')).lines, [
    { text: 'grün', id: '0' },
    { text: 'b', id: '6' },
    { text: 'c', id: '9' },
  ]);
});

test('empty lines, CR before the newline and NUL bytes before a line are left out; other NUL bytes are shown', () => {
  assert.deepEqual(texts(split(Buffer.from('one\r\n\r\n\n\0\0two\nthr\0ee\n')).lines), ['one', 'two', 'thr\u{fffd}ee']);
});

test('a byte order mark at the head of a line is left out', () => {
  const { lines, splitter } = split(Buffer.from('\ufeffone\n\ufefftwo\n\ufeff\nthree'));
  assert.deepEqual(lines, [
    { text: 'one', id: '3' },
    { text: 'two', id: '10' },
  ]);
  assert.equal(splitter.position, 18);
});

test('the position is the start of the unfinished line, after the NUL bytes that a copytruncate left', () => {
  assert.equal(split(Buffer.from('one\ntw')).splitter.position, 4);
  assert.equal(split(Buffer.from('\0\0\0tw')).splitter.position, 3);
});

test('a line of more than 256 KiB is cut and says its length, one of exactly 256 KiB is whole', () => {
  const whole = 'x'.repeat(MAX_LINE_BYTES);
  const { lines } = split(Buffer.from(`${whole}\n${whole}yz\nafter\n`), [65_536]);
  assert.deepEqual(texts(lines), [whole, `${whole}… [cut: the line has ${MAX_LINE_BYTES + 2} bytes]`, 'after']);
});

test('flush() gives the unfinished line once, and the position is then its end', () => {
  const { splitter } = split(Buffer.from('one\ntw'));
  assert.deepEqual(splitter.flush(6), [{ text: 'tw', id: '4' }]);
  assert.equal(splitter.position, 6);
  assert.deepEqual(splitter.flush(6), []);
});

test('restart() forgets the unfinished line', () => {
  const { splitter } = split(Buffer.from('one\ntw'));
  splitter.restart(0);
  const lines: Line[] = [];
  splitter.split(Buffer.from('new\n'), 0, lines);
  assert.deepEqual(lines, [{ text: 'new', id: '0' }]);
});

test('each of many lines in a chunk gets its own id', () => {
  const { lines } = split(Buffer.from('ab\n'.repeat(MOST_NOTED * 3 + 1)));
  assert.deepEqual(
    lines.map(({ id }) => id),
    lines.map((_, n) => String(n * 3)),
  );
});
