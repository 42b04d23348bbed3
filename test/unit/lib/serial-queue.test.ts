import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SerialQueue } from '../../../lib/serial-queue.ts';

test('jobs run one after the other, and a failed one holds up none', async () => {
  const serial = new SerialQueue();
  const seen: string[] = [];
  const job = (name: string) => async () => {
    seen.push(`${name} begins`);
    await Promise.resolve();
    seen.push(`${name} ends`);
    if (name === 'a') throw new Error('a failed');
    return name;
  };
  const [a, b] = [serial.run(job('a')), serial.run(job('b'))];
  assert.equal(serial.length, 2);
  await assert.rejects(a, /a failed/);
  assert.equal(await b, 'b');
  assert.deepEqual(seen, ['a begins', 'a ends', 'b begins', 'b ends']);
  assert.equal(serial.length, 0);
});
