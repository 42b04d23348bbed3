import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { HeapRoom } from '../../../../lib/io/heap-room.ts';
import { until } from '../../../support/until.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

test('HeapRoom is tight while what was handed on lives, and has room again when it does not', async (t) => {
  const room = new HeapRoom();
  t.after(() => room.close());
  collect();
  assert.equal(room.isTight(), false);
  const held = Array.from({ length: 2_000_000 }, (_, n) => ({ payload: { n, message: `${n}` } }));
  collect();
  await until(() => room.isTight());
  assert.equal(held.splice(0).length, 2_000_000);
  collect();
  await until(() => !room.isTight());
});
