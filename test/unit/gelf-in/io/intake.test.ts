import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { deflateSync, gzipSync } from 'node:zlib';
import { Counts } from '../../../../nodes/gelf-in/counts.ts';
import { Intake, type IntakeOptions, type Sink } from '../../../../nodes/gelf-in/io/intake.ts';
import { Unpacker } from '../../../../nodes/gelf-in/io/unpack.ts';
import { KEPT_BYTES, SharedRoom } from '../../../../nodes/gelf-in/shared-room.ts';
import { until } from '../../../support/until.ts';

function intake(bytes = 1_000) {
  const counts = new Counts();
  const room = new SharedRoom(bytes);
  const read = (text: string) =>
    text === 'bad'
      ? ('noObject' as const)
      : { payload: { message: text }, numbers: undefined, aheadMs: 0, isTimeless: false };
  const unpacker = new Unpacker(room);
  const unpack: IntakeOptions['unpack'] = (datagram, sender, use) => unpacker.unpack(datagram, sender, use);
  return { counts, room, intake: new Intake({ counts, room, unpack, read }) };
}

function sink(isDirect = true): Sink & { readonly sent: unknown[] } {
  const sent: unknown[] = [];
  return {
    sent,
    isDirect: () => isDirect,
    perTurn: () => nextTurn(2),
    send: ({ payload }) => void sent.push(payload.message),
  };
}

const frames = (...texts: string[]): Buffer[] => texts.map((text) => Buffer.from(text));

test('frames go on in order, and who waits for them hears it', async () => {
  const { intake: one, counts } = intake();
  const to = sink();
  one.attach(to);
  await Promise.all([one.take(frames('1', 'bad', '2'), 'a'), one.take(frames('3'), 'b'), one.take([], 'c')]);
  assert.deepEqual([to.sent, counts.received, counts.dropped, one.waiting], [['1', '2', '3'], 3, 1, 0]);
});

test('between two nodes frames wait in their bound; what is more is counted by its sender', async () => {
  const { intake: one, counts, room } = intake(300 * (1 + KEPT_BYTES));
  for (let i = 0; i < 400; i += 1) one.offer(Buffer.from('x'), 'flood');
  one.offer(Buffer.from('y'), 'quiet');
  assert.ok(room.held <= 300 * (1 + KEPT_BYTES) && counts.lost >= 190);
  assert.deepEqual(
    counts.takeUntold().map(({ reason, senders }) => [reason, senders]),
    [['full', 'flood']],
  );
  const to = sink();
  one.attach(to);
  await one.take(frames('last'), 'a');
  assert.deepEqual(to.sent.slice(-2), ['y', 'last']);
  assert.deepEqual([room.held, to.sent.length + counts.lost], [0, 402]);
});

test('what may be between two nodes at a Deploy goes on again, unless it arrives in any case', async () => {
  for (const isDirect of [true, false]) {
    const { intake: one, counts } = intake();
    const before = sink(isDirect);
    one.attach(before);
    await one.take(frames('1', '2', '3', '4', '5', '6', '7', '8'), 'a');
    one.detach();
    const after = sink(isDirect);
    one.attach(after);
    await one.take(frames('9'), 'a');
    assert.deepEqual(after.sent, isDirect ? ['9'] : ['3', '4', '5', '6', '7', '8', '9']);
    assert.equal(counts.received, 9);
  }
});

test('a long queue keeps its order and lets go of what it handed on', async () => {
  const { intake: one } = intake(10_000_000);
  for (let i = 0; i < 5_000; i += 1) one.offer(Buffer.from(`n${i}`), 'a');
  const to = { ...sink(), perTurn: () => nextTurn(100) };
  one.attach(to);
  await one.take(frames('last'), 'a');
  assert.deepEqual(to.sent, [...Array.from({ length: 5_000 }, (_, i) => `n${i}`), 'last']);
});

test('empty datagrams and tiny ones have a bound, too', () => {
  const { intake: one, counts } = intake(64 * KEPT_BYTES);
  for (let i = 0; i < 1_000; i += 1) one.offer(Buffer.alloc(i % 2), 'a');
  assert.ok(one.waiting <= 64);
  assert.equal(one.waiting + counts.lost, 1_000);
});

test('packed messages wait packed, and go on in order; a large one comes when it is unpacked', async () => {
  const { intake: one, counts, room } = intake(10_000_000);
  const large = 'l'.repeat(100_000);
  for (const text of ['1', large, '2', '3']) one.offer(gzipSync(text), 'a');
  one.offer(deflateSync('4'), 'a');
  one.offer(Buffer.from([0x1f, 0x8b, 8, 0, 1]), 'a');
  assert.ok(room.held < 5_000);
  const to = sink();
  one.attach(to);
  await until(() => to.sent.length === 5);
  assert.deepEqual([...to.sent].sort(), ['1', '2', '3', '4', large]);
  assert.deepEqual(
    to.sent.filter((text) => text !== large),
    ['1', '2', '3', '4'],
  );
  assert.deepEqual([counts.dropped, room.held], [1, 0]);
});

test('while the socket has more, it is read first: until half of the room is taken, and not for long', async () => {
  const { intake: one } = intake(1_000 * (2 + KEPT_BYTES));
  const to = sink();
  one.attach(to);
  let most = 0;
  for (let turn = 0; turn < 100; turn += 1) {
    for (let n = 0; n < 32; n += 1) {
      one.noteRead();
      one.offer(Buffer.from('xx'), 'a');
    }
    most = Math.max(most, one.waiting);
    await nextTurn();
  }
  assert.ok(most > 400, `${most} at most`);
  assert.ok(to.sent.length > 50, `${to.sent.length} went on`);
  await until(() => one.waiting === 0);
});
