import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hex32 } from '../../../../../nodes/auth-log-in/io/file/open-log.ts';

test('`hex32()` writes 32 bits as eight digits', () => {
  assert.deepEqual([0, 1, 0xdeadbeef, 0xffffffff].map(hex32), ['00000000', '00000001', 'deadbeef', 'ffffffff']);
  fc.assert(
    fc.property(fc.nat({ max: 0xffffffff }), (number) => hex32(number) === number.toString(16).padStart(8, '0')),
  );
});
