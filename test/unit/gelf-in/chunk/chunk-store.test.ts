import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { ChunkStore, isChunk } from '../../../../nodes/gelf-in/chunk/chunk-store.ts';
import { SharedRoom } from '../../../../nodes/gelf-in/shared-room.ts';

function chunk(id: Buffer, number: number, count: number, text: string | Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x1e, 0x0f]), id, Buffer.from([number, count]), Buffer.from(text)]);
}

function store(bytes = 1_000_000, mostBytes = 100_000) {
  const lost: string[] = [];
  const room = new SharedRoom(bytes);
  return {
    lost,
    room,
    store: new ChunkStore({ room, mostBytes, lost: (reason, sender) => lost.push(`${reason} ${sender}`) }),
  };
}

const ID = Buffer.from('12345678');

test('chunks in any order, and some of them twice, become the message once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 128 }), fc.array(fc.nat(), { maxLength: 300 }), (count, order) => {
      const { store: one, room, lost } = store();
      const pieces = Array.from({ length: count }, (_, i) => chunk(ID, i, count, `<${i}>`));
      const mixed = [...order.map((place) => pieces[place % count] as Buffer), ...pieces, ...pieces];
      const messages = mixed.map((piece) => one.add(piece, 'a', 0)).filter((message) => message !== undefined);
      assert.deepEqual(messages.map(String), [Array.from({ length: count }, (_, i) => `<${i}>`).join('')]);
      assert.deepEqual([one.size, room.held, lost], [0, 0, []]);
    }),
  );
});

test('the same id of two senders is two messages', () => {
  const { store: one } = store();
  for (const sender of ['a', 'b']) one.add(chunk(ID, 0, 2, `${sender}1`), sender, 0);
  assert.equal(String(one.add(chunk(ID, 1, 2, 'b2'), 'b', 0)), 'b1b2');
  assert.equal(String(one.add(chunk(ID, 1, 2, 'a2'), 'a', 0)), 'a1a2');
});

test('a wrong header is refused: no chunks, too many, a number beyond the count, another count, or none at all', () => {
  const { store: one } = store();
  for (const [number, count] of [
    [0, 0],
    [0, 129],
    [2, 2],
    [255, 255],
  ] as const)
    assert.equal(one.add(chunk(ID, number, count, 'x'), 'a', 0), 'badChunk');
  assert.equal(one.add(Buffer.from([0x1e, 0x0f, 1]), 'a', 0), 'badChunk');
  assert.equal(one.size, 0);
  one.add(chunk(ID, 0, 2, 'x'), 'a', 0);
  assert.equal(one.add(chunk(ID, 1, 3, 'x'), 'a', 0), 'badChunk');
  assert.ok(isChunk(chunk(ID, 0, 1, '')) && !isChunk(Buffer.from('{}')) && !isChunk(Buffer.from([0x1e])));
});

test('a last chunk that is empty is one, and a message that lacks a chunk is given up after 5 s, with its sender', () => {
  const { store: one, lost, room } = store();
  one.add(chunk(ID, 0, 2, 'x'), 'a', 0);
  assert.equal(String(one.add(chunk(ID, 1, 2, ''), 'a', 0)), 'x');
  one.add(chunk(Buffer.from('abcdefgh'), 0, 2, 'x'), 'b', 100);
  one.expire(5_099);
  assert.equal(one.size, 1);
  one.expire(5_100);
  assert.deepEqual([one.size, room.held, lost], [0, 0, ['chunksMissing b']]);
});

test('a late copy of a finished message begins none, within 5 s', () => {
  const { store: one } = store();
  one.add(chunk(ID, 0, 2, 'x'), 'a', 0);
  one.add(chunk(ID, 1, 2, 'y'), 'a', 0);
  assert.equal(one.add(chunk(ID, 0, 2, 'x'), 'a', 100), undefined);
  assert.equal(one.size, 0);
  one.expire(6_000);
  one.add(chunk(ID, 0, 2, 'x'), 'a', 6_000);
  assert.equal(one.size, 1);
});

test('ever new ids of one sender are bounded, and push nobody else out', () => {
  const { store: one, room, lost } = store(50_000_000);
  one.add(chunk(ID, 0, 2, 'mine'), 'quiet', 0);
  for (let i = 0; i < 20_000; i += 1) one.add(chunk(randomBytes(8), 0, 2, 'x'.repeat(1_000)), 'flood', 1);
  assert.ok(one.size <= 4_096);
  assert.ok(lost.every((line) => line === 'full flood'));
  assert.equal(String(one.add(chunk(ID, 1, 2, '!'), 'quiet', 2)), 'mine!');
  assert.ok(room.held <= 50_000_000);
});

test('ever new senders are bounded in number and bytes, and the oldest go first', () => {
  const { store: one, room, lost } = store(1_000_000);
  for (let i = 0; i < 20_000; i += 1) one.add(chunk(randomBytes(8), 0, 128, 'x'.repeat(1_400)), `sender${i}`, i);
  assert.ok(one.size <= 4_096 && room.held <= 1_000_000);
  assert.ok(lost.length > 19_000);
  one.expire(1e9);
  assert.deepEqual([one.size, room.held], [0, 0]);
});

test('a message that is too large is given up', () => {
  const { store: one, lost, room } = store(10_000_000, 10_000);
  for (let i = 0; i < 8; i += 1) one.add(chunk(ID, i, 128, 'x'.repeat(1_400)), 'a', 0);
  assert.deepEqual(lost, ['tooLarge a']);
  assert.equal(room.held, 0);
});

test('empty chunks and tiny ones have a bound, too', () => {
  const { store: one, room, lost } = store(100_000);
  for (let n = 0; n < 2_000; n += 1) {
    const id = Buffer.alloc(8);
    id.writeUInt32BE(n >> 3);
    one.add(chunk(id, n & 7, 128, n % 2 === 0 ? '' : 'x'), 'a', 0);
  }
  assert.ok(room.held <= 100_000 && one.size < 100, `${one.size} messages`);
  assert.equal(one.size + lost.length, 250);
});
