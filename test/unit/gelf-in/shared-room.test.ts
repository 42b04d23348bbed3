import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SharedRoom } from '../../../nodes/gelf-in/shared-room.ts';

test('one sender gets two thirds at most, and others find room beside it', () => {
  const room = new SharedRoom(900);
  let taken = 0;
  while (room.take('flood', 1)) taken += 1;
  assert.ok(taken >= 590 && taken <= 610, String(taken));
  assert.ok(room.take('other', 100));
});

test('what is held is never more than there is, and nothing once all is given back', () => {
  const steps = fc.array(fc.record({ sender: fc.constantFrom('a', 'b', 'c'), bytes: fc.nat(200) }));
  fc.assert(
    fc.property(steps, (all) => {
      const room = new SharedRoom(500);
      const held = all.filter(({ sender, bytes }) => room.take(sender, bytes));
      assert.ok(room.held <= 500);
      for (const { sender, bytes } of held) room.release(sender, bytes);
      assert.equal(room.held, 0);
    }),
  );
});
