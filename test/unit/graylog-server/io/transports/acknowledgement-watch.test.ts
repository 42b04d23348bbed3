import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AcknowledgementWatch } from '../../../../../nodes/graylog-server/io/transports/acknowledgement-watch.ts';

const hex = (n: number, digits: number): string => n.toString(16).toUpperCase().padStart(digits, '0');
const row = (state: string, unacknowledged: number): string =>
  `   0: 0100007F:${hex(40_000, 4)} 0100007F:${hex(12_201, 4)} ${state} ${hex(unacknowledged, 8)}:00000000 00:00000000 0\n`;

const PLACE = { localPort: 40_000, remotePort: 12_201, localFamily: 'IPv4' };

/** A watch whose kernel says what the test wants. `look` is one second. */
function watching(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let table = '';
  let looks = 0;
  let nowMs = 0;
  t.mock.method(performance, 'now', () => nowMs);
  const watch = new AcknowledgementWatch({
    readTables: async () => {
      looks += 1;
      return table;
    },
  });
  const socket = { localPort: 40_000, remotePort: 12_201, bytesWritten: 0, destroyed: false };
  let isDead = false;
  const onDead = (): void => {
    isDead = true;
  };
  return {
    watch,
    isDead: () => isDead,
    looks: () => looks,
    write: (bytes: number) => {
      socket.bytesWritten += bytes;
      watch.watch(socket as unknown as Socket, onDead);
    },
    look: async (unacknowledged: number, state = '01') => {
      table = row(state, unacknowledged);
      nowMs += 1_000;
      t.mock.timers.tick(1_000);
      await nextTurn();
    },
  };
}

test('a peer that acknowledges nothing for ten seconds is dead, also while more is written', async (t) => {
  const { write, look, isDead } = watching(t);
  for (let second = 1; second <= 10; second += 1) {
    write(900);
    await look(900 * second);
  }
  assert.equal(isDead(), false);
  await look(9_000);
  assert.equal(isDead(), true);
});

test('a peer that acknowledges is alive, however much is under way', async (t) => {
  const { write, look, isDead } = watching(t);
  for (let second = 1; second <= 30; second += 1) {
    write(900);
    await look(50_000);
  }
  assert.equal(isDead(), false);
});

test('nothing is looked at once all is acknowledged, and again after the next write', async (t) => {
  const { write, look, looks } = watching(t);
  write(100);
  for (let second = 0; second < 10; second += 1) await look(0);
  assert.equal(looks(), 2);
  write(100);
  await look(0);
  assert.equal(looks(), 3);
});

test('the end of a peer counts as an answer where its system had acknowledged ours', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let table = '';
  const watch = new AcknowledgementWatch({ readTables: async () => table });
  assert.equal(await watch.isAnswer(PLACE), true, 'a system that never tells of it is believed');
  table = row('06', 0);
  assert.equal(await watch.isAnswer(PLACE), true);
  table = '';
  assert.equal(await watch.isAnswer(PLACE), false, 'a reset leaves nothing behind');
});

test('of a socket of IPv4 the table of IPv6 is not asked for, until many sockets may be why it is gone', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const asked: boolean[] = [];
  let table = row('06', 0);
  const watch = new AcknowledgementWatch({
    readTables: async (isForIpv4) => {
      asked.push(isForIpv4);
      return isForIpv4 ? table : row('06', 0).repeat(1_001);
    },
  });
  assert.equal(await watch.isAnswer(PLACE), true);
  assert.deepEqual(asked, [true]);
  table = '';
  assert.equal(await watch.isAnswer(PLACE), true);
  assert.deepEqual(asked, [true, true, false]);
  await watch.isAnswer({ ...PLACE, localFamily: 'IPv6' });
  assert.equal(asked.at(-1), false);
});

test('the leave of a TLS peer counts as an answer where it had acknowledged all before our end', async () => {
  let table = row('09', 1);
  const watch = new AcknowledgementWatch({ readTables: async () => table });
  const leave = { isTakenLeave: true };
  assert.equal(await watch.isAnswer(PLACE, leave), true, 'our end alone is under way');
  table = row('09', 2_000);
  assert.equal(await watch.isAnswer(PLACE, leave), false, 'it left while records were under way');
  table = '';
  assert.equal(await watch.isAnswer(PLACE, leave), true, 'it ended before we did');
});
