import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUtf16 } from '../../../../lib/file/encoding.ts';

test('isUtf16() tells UTF-16 of either order, with a byte order mark or without', () => {
  const little = Buffer.from('Nov 25 21:05:43 web1 größer', 'utf16le');
  const big = Buffer.from(little).swap16();
  for (const bytes of [little, big, Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff, 0, 65])])
    assert.equal(isUtf16(bytes), true);
});

test('isUtf16() lets UTF-8 through, with holes and binary bytes in it, and what is too short to tell', () => {
  for (const bytes of [
    Buffer.from('\ufeffNov 25 21:05:43 web1 größer'),
    Buffer.alloc(100),
    Buffer.concat([Buffer.alloc(40), Buffer.from('Nov 25 21:05:43')]),
    Buffer.from('a\0b\0'),
    Buffer.from([]),
  ])
    assert.equal(isUtf16(bytes), false, bytes.toString());
});
