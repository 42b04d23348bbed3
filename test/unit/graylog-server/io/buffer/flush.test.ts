import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { drain, openBuffer, storeFolder, textsOf } from '../../../../support/record-buffer.ts';

/** A clock that both `setTimeout` and `performance.now()` follow. */
function fakeClock(t: TestContext): (ms: number) => void {
  let nowMs = 1_000;
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.mock.method(performance, 'now', () => nowMs);
  return (ms) => {
    nowMs += ms;
    t.mock.timers.tick(ms);
  };
}

test('a message that waits in memory for longer than a second is written down, and not sooner', async (t) => {
  const pass = fakeClock(t);
  const path = storeFolder();
  const opened = openBuffer(t, { path });
  const kept = opened.enqueue('a');
  for (let ms = 0; ms < 1_000; ms += 50) pass(50);
  assert.equal(existsSync(path), false);
  pass(50);
  await kept;
  assert.equal(opened.outcomes.get('a'), 'kept');
  assert.equal(opened.buffer.memorySize, 0);
  assert.equal(opened.buffer.length, 1);
});

test('a message that left memory in time never touches the disk', async (t) => {
  const pass = fakeClock(t);
  const path = storeFolder();
  const opened = openBuffer(t, { path });
  void opened.enqueue('a');
  pass(50);
  assert.deepEqual(textsOf(await opened.buffer.dequeueBatch(100)), ['a']);
  for (let ms = 0; ms < 2_000; ms += 50) pass(50);
  assert.equal(existsSync(path), false);
});

test('memory that is a third full is written down at once', async (t) => {
  fakeClock(t);
  const opened = openBuffer(t, { memorySize: 300 });
  await opened.enqueue('x'.repeat(60), 'y'.repeat(60));
  assert.deepEqual([...opened.outcomes.values()], ['kept', 'kept']);
});

test('messages that come while others are written are taken in order all the same', async (t) => {
  fakeClock(t);
  const opened = openBuffer(t);
  const first = opened.enqueue('a', 'b');
  opened.buffer.setAway(true);
  opened.buffer.setAway(false);
  void opened.enqueue('c');
  assert.equal(opened.buffer.length, 3, 'also those on their way to disk');
  assert.deepEqual(textsOf(await drain(opened.buffer)), ['a', 'b', 'c']);
  await first;
});

test('closing writes what came in while a write was under way', async (t) => {
  fakeClock(t);
  const path = storeFolder();
  const opened = openBuffer(t, { path });
  void opened.enqueue('a');
  opened.buffer.setAway(true);
  void opened.enqueue('b');
  assert.equal(await opened.buffer.close(), 0);
  const later = openBuffer(t, { path });
  await later.buffer.open();
  assert.deepEqual(textsOf(await drain(later.buffer)), ['a', 'b']);
});
