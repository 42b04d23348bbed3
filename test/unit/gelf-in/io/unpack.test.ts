import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { type Unpacked, Unpacker } from '../../../../nodes/gelf-in/io/unpack.ts';
import { SharedRoom } from '../../../../nodes/gelf-in/shared-room.ts';

function unpacker(bytes = 10_000_000) {
  const room = new SharedRoom(bytes);
  const one = new Unpacker(room);
  const unpack = (datagram: Buffer): Promise<Unpacked> => new Promise((resolve) => one.unpack(datagram, 'a', resolve));
  return { room, unpack };
}

test('gzip and zlib, small and large, are unpacked; what is not packed is left as it is', async () => {
  const { unpack, room } = unpacker();
  for (const text of ['{"a":1}', JSON.stringify({ a: 'x'.repeat(200_000) })]) {
    for (const packed of [Buffer.from(text), gzipSync(text), deflateSync(text), gzipSync(text, { level: 1 })])
      assert.equal(String(await unpack(packed)), text);
  }
  assert.equal(room.held, 0);
});

test('a few kilobytes that become more than 8 MiB are refused, also where they say that they are small', async () => {
  const { unpack, room } = unpacker();
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  assert.equal(await unpack(bomb), 'tooLarge');
  assert.equal(await unpack(deflateSync(Buffer.alloc(64 * 1024 * 1024))), 'tooLarge');
  const liar = Buffer.from(bomb);
  liar.writeUInt32LE(100, liar.length - 4);
  assert.equal(await unpack(liar), 'notUnpacked');
  assert.equal(room.held, 0);
});

test('hundreds of bombs at once are unpacked a few at a time, and what waits has a bound', async () => {
  const bomb = gzipSync(Buffer.alloc(16 * 1024 * 1024));
  const { unpack, room } = unpacker(bomb.length * 10);
  const outcomes = await Promise.all(Array.from({ length: 200 }, () => unpack(bomb)));
  assert.ok(outcomes.filter((one) => one === 'full').length > 150);
  assert.ok(outcomes.every((one) => one === 'full' || one === 'tooLarge'));
  assert.equal(room.held, 0);
});

test('what is broken is said', async () => {
  const { unpack } = unpacker();
  for (const broken of [
    gzipSync('{"a":1}').subarray(0, 15),
    Buffer.concat([gzipSync('x').subarray(0, 12), Buffer.alloc(30, 7)]),
  ])
    assert.equal(await unpack(broken), 'notUnpacked');
});
