import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Checkpoint } from '../../../../lib/io/checkpoint.ts';
import { StateFile } from '../../../../lib/io/state-file.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const NEVER_MS = 60_000;
const isNumber = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

test('a checkpoint writes its state when asked and when it is closed, and not the same twice', async (t) => {
  const file = new StateFile<number>(temporaryFolder(), 'x', isNumber);
  const written = t.mock.method(file, 'write');
  let state: number | undefined;
  const checkpoint = new Checkpoint({ file, snapshot: () => state, everyMs: NEVER_MS, onFault: assert.ifError });
  await checkpoint.write();
  state = 1;
  await checkpoint.write();
  await checkpoint.write();
  state = 2;
  await checkpoint.close();
  assert.deepEqual(
    written.mock.calls.map(({ arguments: [value] }) => value),
    [1, 2],
  );
  assert.equal(file.read(), 2);
});

test('a checkpoint that cannot be written says so once, and writes when it can again', async (t) => {
  const file = new StateFile<number>(temporaryFolder(), 'x', isNumber);
  const faults: unknown[] = [];
  const onFault = (error: unknown): number => faults.push(error);
  const checkpoint = new Checkpoint({ file, snapshot: () => 1, everyMs: NEVER_MS, onFault });
  const refused = t.mock.method(file, 'write', () => Promise.reject(new Error('disk full')));
  await checkpoint.write();
  await checkpoint.write();
  assert.equal(faults.length, 1);
  refused.mock.restore();
  await checkpoint.close();
  assert.equal(file.read(), 1);
});

test('a checkpoint is closed only when the state that is being written is in the file', async () => {
  const file = new StateFile<number>(temporaryFolder(), 'x', isNumber);
  const checkpoint = new Checkpoint({ file, snapshot: () => 1, everyMs: NEVER_MS, onFault: assert.ifError });
  void checkpoint.write();
  await checkpoint.close();
  assert.equal(file.read(), 1);
});

test('a checkpoint writes now and then by itself', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const file = new StateFile<number>(temporaryFolder(), 'x', isNumber);
  const written = t.mock.method(file, 'write');
  const checkpoint = new Checkpoint({ file, snapshot: () => 1, everyMs: 1_000, onFault: assert.ifError });
  t.mock.timers.tick(1_000);
  assert.equal(written.mock.callCount(), 1);
  await checkpoint.close();
});
