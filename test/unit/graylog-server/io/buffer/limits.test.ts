import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  drain,
  keepOnDisk,
  openBuffer,
  ROOMY,
  storeFolder,
  type TestBuffer,
  textsOf,
} from '../../../../support/record-buffer.ts';

const HOUR_MS = 3_600_000;
const TEN = 'x'.repeat(10);
/** Room on disk for two batches of one short message, with what LevelDB adds and the reserve. */
const TWO_BATCHES = 400;

test('with the policy "oldest" a full memory drops its oldest messages, with an error each', async (t) => {
  const opened = openBuffer(t, { path: undefined, memorySize: 20 });
  void opened.enqueue(`1${TEN}`, `2${TEN}`, '3');
  assert.equal(opened.outcomes.get(`1${TEN}`), 'BUFFER_FULL');
  assert.equal(opened.dropped, 1);
  assert.deepEqual(textsOf(await drain(opened.buffer)), [`2${TEN}`, '3']);
});

test('what came back from a connection is older than what is fresh, and goes first', async (t) => {
  const opened = openBuffer(t, { path: undefined, memorySize: 20 });
  opened.buffer.putBack([{ text: `returned${TEN}`, done: undefined, atMs: 0 }]);
  void opened.enqueue('fresh');
  assert.equal(opened.dropped, 1);
  assert.deepEqual(textsOf(await drain(opened.buffer)), ['fresh']);
});

test('a message that is larger than memory alone is kept all the same', async (t) => {
  const opened = openBuffer(t, { path: undefined, memorySize: 5 });
  void opened.enqueue(TEN);
  assert.equal(opened.dropped, 0);
  assert.deepEqual(textsOf(await drain(opened.buffer)), [TEN]);
});

test('with the policy "newest" a full memory turns away what comes, and keeps what it has', async (t) => {
  const opened = openBuffer(t, { path: undefined, memorySize: 20, overflow: 'newest' });
  void opened.enqueue(`1${TEN}`, `2${TEN}`, '3');
  assert.equal(opened.outcomes.get(`2${TEN}`), 'BUFFER_FULL');
  assert.equal(opened.dropped, 1);
  assert.deepEqual(textsOf(await drain(opened.buffer)), [`1${TEN}`, '3']);
});

test('with the policy "oldest" a full disk drops its oldest batches', async (t) => {
  const opened = openBuffer(t, { diskSize: TWO_BATCHES });
  await keepOnDisk(opened, `1${TEN}`, `2${TEN}`, `3${TEN}`);
  assert.equal(opened.dropped, 1);
  assert.deepEqual(textsOf(await drain(opened.buffer)), [`2${TEN}`, `3${TEN}`]);
});

test('with the policy "newest" a full disk refuses what does not fit', async (t) => {
  const opened = openBuffer(t, { diskSize: TWO_BATCHES, overflow: 'newest' });
  await keepOnDisk(opened, `1${TEN}`, `2${TEN}`, `3${TEN}`);
  assert.equal(opened.outcomes.get(`3${TEN}`), 'BUFFER_FULL');
  assert.equal(opened.dropped, 1);
  assert.deepEqual(textsOf(await drain(opened.buffer)), [`1${TEN}`, `2${TEN}`]);
});

test('a batch that was read is on its way, and is not dropped for room', async (t) => {
  const opened = openBuffer(t, { diskSize: TWO_BATCHES });
  await keepOnDisk(opened, `1${TEN}`, `2${TEN}`);
  assert.deepEqual(textsOf(await opened.buffer.dequeueBatch(ROOMY)), [`1${TEN}`]);
  await keepOnDisk(opened, `3${TEN}`);
  assert.deepEqual(textsOf(await drain(opened.buffer)), [`3${TEN}`]);
  assert.equal(opened.dropped, 1);
});

/** A buffer that keeps an hour, and its clocks: `pass()` moves the steady one on, `jump()` the wall's alone. */
function openHourly(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let nowMs = 1_000_000;
  let wallMs = 1_795_000_000_000;
  t.mock.method(performance, 'now', () => nowMs);
  const clock = { boot: 'a', steadyMs: () => nowMs, wallMs: () => wallMs };
  const path = storeFolder();
  const open = (boot = 'a'): TestBuffer => openBuffer(t, { path, maxAgeMs: HOUR_MS, clock: { ...clock, boot } });
  return {
    open,
    pass(ms: number) {
      nowMs += ms;
      wallMs += ms;
    },
    jump(ms: number) {
      wallMs += ms;
    },
    /** The look once a minute. */
    async look(opened: TestBuffer) {
      void opened.enqueue('looks');
      t.mock.timers.tick(50);
      // Settles after what was asked of the disk before.
      await opened.buffer.keepUnconfirmed([]);
    },
  };
}

test('what is on disk for longer than its age is dropped and said, at the look once a minute', async (t) => {
  const { open, pass, look } = openHourly(t);
  const opened = open();
  await keepOnDisk(opened, 'old');
  pass(HOUR_MS + 1);
  await keepOnDisk(opened, 'new');
  await look(opened);
  assert.equal(opened.dropped, 1);
  assert.deepEqual(opened.storage, ['aged RECORDS_AGED']);
  assert.equal(textsOf(await drain(opened.buffer)).includes('old'), false);
});

test('a wall clock that is set makes nothing old within one boot, also after a restart', async (t) => {
  const { open, pass, jump, look } = openHourly(t);
  const first = open();
  await keepOnDisk(first, 'a');
  jump(30 * 24 * HOUR_MS);
  await look(first);
  pass(HOUR_MS / 2);
  await look(first);
  assert.equal(first.dropped, 0);
  await first.buffer.close();
  const second = open();
  await second.buffer.open();
  await look(second);
  assert.equal(second.dropped, 0);
  pass(HOUR_MS);
  await look(second);
  assert.ok(second.dropped > 0, 'an hour after the jump, and by its own age');
});

test('a batch that was written by a clock that was wrong is dated right after the next boot', async (t) => {
  const { open, pass, jump, look } = openHourly(t);
  jump(-30 * 24 * HOUR_MS);
  const first = open();
  await keepOnDisk(first, 'a');
  jump(30 * 24 * HOUR_MS);
  await keepOnDisk(first, 'b');
  await first.buffer.close();
  pass(HOUR_MS / 2);
  const second = open('the next boot');
  await second.buffer.open();
  await look(second);
  assert.equal(second.dropped, 0);
  pass(HOUR_MS);
  await look(second);
  assert.equal(second.dropped, 2);
});

test('an age of 0 keeps everything', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let nowMs = 1_000;
  const clock = { boot: 'a', steadyMs: () => nowMs, wallMs: () => nowMs };
  const opened = openBuffer(t, { maxAgeMs: 0, clock });
  await keepOnDisk(opened, 'old');
  nowMs += 1e12;
  t.mock.timers.tick(1_000);
  assert.deepEqual(textsOf(await drain(opened.buffer)), ['old']);
  assert.equal(opened.dropped, 0);
});

test('the fill level is that of memory, of which a quarter counts as full, or that of the disk', async (t) => {
  const opened = openBuffer(t, { memorySize: 100, diskSize: 800 });
  assert.equal(opened.buffer.fillLevel, 0);
  void opened.enqueue('x'.repeat(20));
  assert.equal(opened.buffer.fillLevel, 20 / 25);
  opened.buffer.setAway(true);
  await keepOnDisk(opened, 'x');
  const onDisk = opened.buffer.fillLevel;
  assert.ok(onDisk > 0.2 && onDisk < 0.8, `${onDisk}`);
  const memoryOnly = openBuffer(t, { path: undefined, diskSize: 0, memorySize: 100 });
  assert.equal(memoryOnly.buffer.fillLevel, 0);
});
