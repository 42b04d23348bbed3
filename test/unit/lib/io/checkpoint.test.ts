import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Checkpoint } from '../../../../lib/io/checkpoint.ts';
import { StateFile } from '../../../../lib/io/state-file.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const NEVER_MS = 60_000;
const asState = (value: unknown): { n: number } => value as { n: number };

test('a checkpoint writes its state when asked and when it is closed, and not the same twice', async (t) => {
  const file = new StateFile(temporaryFolder(), 'x', asState);
  const written = t.mock.method(file, 'write');
  let state: { n: number } | undefined;
  const checkpoint = new Checkpoint({ file, snapshot: () => state, everyMs: NEVER_MS, onFault: assert.ifError });
  await checkpoint.write();
  state = { n: 1 };
  await checkpoint.write();
  await checkpoint.write();
  state = { n: 2 };
  await checkpoint.close();
  assert.deepEqual(
    written.mock.calls.map(({ arguments: [value] }) => value),
    [{ n: 1 }, { n: 2 }],
  );
  assert.deepEqual(file.read(), { n: 2 });
});

test('a checkpoint that cannot be written says so once, and writes when it can again', async (t) => {
  const file = new StateFile(temporaryFolder(), 'x', asState);
  const faults: unknown[] = [];
  const onFault = (error: unknown): number => faults.push(error);
  const checkpoint = new Checkpoint({ file, snapshot: () => ({ n: 1 }), everyMs: NEVER_MS, onFault });
  const refused = t.mock.method(file, 'write', () => Promise.reject(new Error('disk full')));
  await checkpoint.write();
  await checkpoint.write();
  assert.equal(faults.length, 1);
  refused.mock.restore();
  await checkpoint.close();
  assert.deepEqual(file.read(), { n: 1 });
});

test('a checkpoint is closed only when the state that is being written is in the file', async () => {
  const file = new StateFile(temporaryFolder(), 'x', asState);
  const checkpoint = new Checkpoint({ file, snapshot: () => ({ n: 1 }), everyMs: NEVER_MS, onFault: assert.ifError });
  void checkpoint.write();
  await checkpoint.close();
  assert.deepEqual(file.read(), { n: 1 });
});

test('a checkpoint writes now and then by itself', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const file = new StateFile(temporaryFolder(), 'x', asState);
  const written = t.mock.method(file, 'write');
  const checkpoint = new Checkpoint({ file, snapshot: () => ({ n: 1 }), everyMs: 1_000, onFault: assert.ifError });
  t.mock.timers.tick(1_000);
  assert.equal(written.mock.callCount(), 1);
  await checkpoint.close();
});

test('a state that cannot be made is told, and nothing is thrown from a timer', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const file = new StateFile(temporaryFolder(), 'x', asState);
  const faults: unknown[] = [];
  const snapshot = (): never => {
    throw new Error('odd');
  };
  const checkpoint = new Checkpoint({ file, snapshot, everyMs: 1_000, onFault: (error) => faults.push(error) });
  t.mock.timers.tick(3_000);
  assert.equal(faults.length, 1);
  await checkpoint.close();
});

test('a slow disk is asked again only when the write before has ended, and then is left alone for a while', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let nowMs = 0;
  t.mock.method(performance, 'now', () => nowMs);
  const file = new StateFile(temporaryFolder(), 'x', asState);
  let end = (): void => undefined;
  const written = t.mock.method(file, 'write', () => new Promise<void>((resolve) => (end = resolve)));
  let n = 0;
  const snapshot = (): { n: number } => {
    n += 1;
    return { n };
  };
  const checkpoint = new Checkpoint({ file, snapshot, everyMs: 100, onFault: assert.ifError });
  t.mock.timers.tick(100);
  t.mock.timers.tick(400);
  assert.equal(written.mock.callCount(), 1);
  nowMs = 50;
  end();
  await new Promise(setImmediate);
  nowMs = 400;
  t.mock.timers.tick(100);
  assert.equal(written.mock.callCount(), 1, 'half a second of rest after 50 ms of work');
  nowMs = 600;
  t.mock.timers.tick(100);
  assert.equal(written.mock.callCount(), 2);
  end();
  const closed = checkpoint.close();
  end();
  await closed;
});

test('a checkpoint whose state is settled has no timer, until it is armed, and none after it was closed', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const file = new StateFile<{ n: number }>(temporaryFolder(), 'x', (value) => value as { n: number });
  const written = t.mock.method(file, 'write');
  const started = t.mock.method(globalThis, 'setInterval');
  const ended = t.mock.method(globalThis, 'clearInterval');
  let isSettled = false;
  let state = { n: 1 };
  const checkpoint = new Checkpoint({
    file,
    snapshot: () => state,
    everyMs: 100,
    isSettled: () => isSettled,
    onFault: assert.ifError,
  });
  assert.equal(started.mock.callCount(), 0);
  checkpoint.arm();
  checkpoint.arm();
  t.mock.timers.tick(100);
  assert.equal(written.mock.callCount(), 1);
  await checkpoint.write();
  state = { n: 2 };
  isSettled = true;
  // The pause after a write is on the real clock.
  t.mock.method(performance, 'now', () => 1e12);
  t.mock.timers.tick(100);
  assert.equal(written.mock.callCount(), 2);
  await checkpoint.write();
  assert.equal(ended.mock.callCount(), 0);
  t.mock.timers.tick(100);
  assert.equal(written.mock.callCount(), 2);
  assert.deepEqual([started.mock.callCount(), ended.mock.callCount()], [1, 1]);
  await checkpoint.close();
  checkpoint.arm();
  assert.equal(started.mock.callCount(), 1);
});
