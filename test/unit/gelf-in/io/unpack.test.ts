import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { type Unpacked, Unpacker } from '../../../../nodes/gelf-in/io/unpack.ts';
import { SharedRoom } from '../../../../nodes/gelf-in/shared-room.ts';

function unpacker(bytes = 10_000_000) {
  const room = new SharedRoom(bytes);
  const one = new Unpacker(room);
  const unpack = (datagram: Buffer): Promise<Unpacked> =>
    new Promise((resolve) => {
      one.unpack(datagram, 'a', (unpacked) => resolve(typeof unpacked === 'string' ? unpacked : Buffer.from(unpacked)));
    });
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

test('what a packer may write in another way is taken as zlib takes it', async () => {
  const { unpack } = unpacker();
  const text = '{"short_message":"x"}';
  const packed = gzipSync(text);
  const named = Buffer.concat([packed.subarray(0, 10), Buffer.from('a.json\0'), packed.subarray(10)]);
  named[3] = 8;
  const members = Buffer.concat([gzipSync(text.slice(0, 9)), gzipSync(text.slice(9))]);
  const large = 'x'.repeat(100_000);
  for (const one of [
    named,
    members,
    Buffer.concat([packed, Buffer.alloc(20)]),
    Buffer.concat([deflateSync(text), Buffer.from('end')]),
  ])
    assert.equal(String(await unpack(one)), text);
  assert.equal(String(await unpack(Buffer.concat([gzipSync('{'), gzipSync(large)]))), `{${large}`);
});

test('a wrong sum, a wrong size, a wrong window, a dictionary and one cut anywhere are no message', async () => {
  const { unpack } = unpacker();
  const gzip = gzipSync('{"short_message":"x"}');
  const zlib = deflateSync('{"short_message":"x"}');
  for (const packed of [gzip, zlib]) {
    for (let end = 3; end < packed.length; end += 1) assert.equal(await unpack(packed.subarray(0, end)), 'notUnpacked');
    for (const at of [packed.length - 1, packed.length - 3]) {
      const wrong = Buffer.from(packed);
      wrong[at] = (wrong[at] as number) ^ 1;
      assert.equal(await unpack(wrong), 'notUnpacked');
    }
  }
  for (const header of [0x88_1c, 0x78_bb]) {
    const wrong = Buffer.from(zlib);
    wrong.writeUInt16BE(header);
    wrong.writeUInt16BE(header + ((31 - (header % 31)) % 31));
    assert.equal(await unpack(wrong), 'notUnpacked');
  }
});
