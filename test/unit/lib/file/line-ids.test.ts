import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hex32, LineIds } from '../../../../lib/file/line-ids.ts';

test('`hex32()` writes 32 bits as eight digits', () => {
  assert.deepEqual([0, 1, 0xdeadbeef, 0xffffffff].map(hex32), ['00000000', '00000001', 'deadbeef', 'ffffffff']);
  fc.assert(
    fc.property(fc.nat({ max: 0xffffffff }), (number) => hex32(number) === number.toString(16).padStart(8, '0')),
  );
});

const AT = ['Nov 25 21:05:43', 'Nov 25 21:05:44', '2026-11-25T21:05:45+01:00', '2026-11-25T21:05:46.123456+01:00'];

function newIds(first: string): LineIds {
  return new LineIds(Buffer.from(first));
}

function idOf(ids: LineIds, offset: number, line: string): string {
  const bytes = Buffer.from(`>${line}<`);
  const noted = { text: line, id: '' };
  ids.note(offset, bytes, 1, bytes.length - 1);
  ids.give([noted], 0);
  return noted.id;
}

/** The ids of the lines of a file. */
function idsOf(lines: readonly string[]): string[] {
  const ids = newIds(lines[0] ?? '');
  let offset = 0;
  return lines.map((line) => {
    const id = idOf(ids, offset, line);
    offset += line.length + 1;
    return id;
  });
}

test('no two lines of a file have one id, however many are equal, and in whatever order', () => {
  const line = fc
    .tuple(fc.constantFrom(...AT, 'no time'), fc.constantFrom('a', 'b'))
    .map(([time, text]) => `${time} web1 x: ${text}`);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
      assert.equal(new Set(idsOf(lines)).size, lines.length);
    }),
  );
});

test('a line keeps its id when others are taken out of its file, but for those of the time of the first line', () => {
  const lines = Array.from({ length: 20 }, (_, n) => `Nov 25 21:05:${10 + Math.floor(n / 4)} web1 x: ${n}`);
  const ids = idsOf(lines);
  const without = (gone: number): string[] => ids.filter((_, n) => n !== gone);
  for (let gone = 1; gone < 20; gone++) assert.deepEqual(idsOf(lines.filter((_, n) => n !== gone)), without(gone));
  assert.deepEqual(idsOf(lines.slice(1)).slice(3), ids.slice(4));
});

test('a line at the end of a file and an equal one at the beginning of the next have two ids', () => {
  const equal = 'Nov 25 21:05:43 web1 x: a';
  const before = idsOf(['Nov 25 21:05:42 web1 x: 0', equal, equal]);
  const after = idsOf([equal, equal, 'Nov 25 21:05:44 web1 x: 1']);
  assert.equal(new Set([...before, ...after]).size, 6);
});

test('the memory of one time has an end, and its lines have ids of their own after it', () => {
  const ids = newIds('Nov 25 21:05:42 web1 x: 0');
  const seen = new Set<string>();
  for (let round = 0; round < 2; round++) {
    for (let n = 0; n < 70_000; n++) seen.add(idOf(ids, 0, `Nov 25 21:05:43 web1 x: ${n}`));
  }
  assert.equal(seen.size, 140_000);
});

test('lines that differ little have ids that differ', () => {
  const ids = new Set<string>();
  const lines = newIds('Nov 25 21:05:42 web1 x: 0');
  for (let n = 0; n < 300_000; n++)
    ids.add(idOf(lines, 0, `Nov 25 21:05:43 web1 sshd[${n % 600}]: from port ${n}`).slice(0, 16));
  assert.equal(ids.size, 300_000);
  // The halves alone: as many are equal as with numbers by lot, about ten.
  for (const half of [0, 8]) assert.ok(new Set([...ids].map((id) => id.slice(half, half + 8))).size > 299_950);
});

test('all ids of a file begin with what they shall begin with', () => {
  const [first = '', second = ''] = AT.map((time) => `${time} web1 x: a`);
  const lines = [first, second, second].map((text) => ({ text, id: '' }));
  const ids = new LineIds(Buffer.from(first), '1398aaee-');
  for (const { text } of lines) ids.note(0, Buffer.from(text), 0, text.length);
  ids.give(lines, 0);
  const plain = newIds(first);
  assert.deepEqual(
    lines.map(({ id }) => id),
    lines.map(({ text }) => `1398aaee-${idOf(plain, 0, text)}`),
  );
});
