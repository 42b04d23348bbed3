import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorCode, MonitoringError } from '../../../../../lib/errors.ts';
import { Shipper, type ShipperOptions } from '../../../../../nodes/graylog-server/io/ship/shipper.ts';
import type { ShipperState } from '../../../../../nodes/graylog-server/shipper-state.ts';
import { storeFolder } from '../../../../support/record-buffer.ts';
import { endpointsNamed, MemoryTransport } from '../../../../support/transport.ts';
import { until } from '../../../../support/until.ts';

const RESET = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
const LONG_MS = 60_000;

interface TestShipper {
  readonly shipper: Shipper;
  readonly states: ShipperState[];
  readonly pressures: boolean[];
  readonly outcomes: Map<string, string>;
  /** Offers messages. Resolves when each is sent, kept or refused. */
  offer(...texts: string[]): Promise<unknown>;
}

/** A shipper that connects over these transports, one after the other; the last of them again and again. */
function startShipper(
  t: TestContext,
  transports: MemoryTransport[],
  options: Partial<ShipperOptions> = {},
): TestShipper {
  const states: ShipperState[] = [];
  const pressures: boolean[] = [];
  const outcomes = new Map<string, string>();
  const left = [...transports];
  const shipper = new Shipper({
    buffer: {
      path: storeFolder(),
      memorySize: 1_000_000,
      diskSize: 1_000_000,
      maxAgeMs: 0,
      overflow: 'oldest',
      onStorage: () => undefined,
    },
    endpoints: () => endpointsNamed('a'),
    createTransport: () => (left.length > 1 ? left.shift() : left[0]) as MemoryTransport,
    returnMs: LONG_MS,
    renewMs: 0,
    replaySize: 0,
    replayMs: 0,
    flushMs: 100,
    onState: (state) => states.push(state),
    onPressure: (isFull) => pressures.push(isFull),
    ...options,
  });
  shipper.start();
  t.after(() => shipper.close());
  return {
    shipper,
    states,
    pressures,
    outcomes,
    offer: (...texts) =>
      Promise.all(
        texts.map(
          (text) =>
            new Promise<void>((resolve) => {
              shipper.offer(text, (error) => {
                outcomes.set(text, error === undefined ? 'kept' : (errorCode(error) ?? String(error)));
                resolve();
              });
            }),
        ),
      ),
  };
}

const names = (states: readonly ShipperState[]): string[] => states.map(({ state }) => state);

test('what is offered in one turn leaves in one batch, in order, and is counted', async (t) => {
  const transport = new MemoryTransport();
  const { shipper, offer, states } = startShipper(t, [transport]);
  await offer('a', 'b', 'c');
  assert.deepEqual(transport.batches, [['a', 'b', 'c']]);
  assert.deepEqual(shipper.counters, { received: 3, sent: 3, dropped: 0, retried: 0 });
  assert.deepEqual([names(states), shipper.buffered, shipper.lagMs], [['connected'], 0, 0]);
});

test('a transport that confirms nothing gets frames, each message followed by a NUL', async (t) => {
  const transport = new MemoryTransport({ unconfirmed: true });
  const { offer } = startShipper(t, [transport]);
  await offer('a', 'b');
  assert.deepEqual(transport.frames, ['a\0b\0']);
});

test('what a failed connection did not send goes first over the next one', async (t) => {
  const first = new MemoryTransport({ send: () => ({ sent: 1, failure: RESET }) });
  const second = new MemoryTransport();
  const { shipper, offer, states } = startShipper(t, [first, second]);
  await offer('a', 'b', 'c');
  await until(() => second.texts.length === 2);
  assert.deepEqual([first.texts, second.texts], [['a'], ['b', 'c']]);
  assert.equal(shipper.counters.retried, 2);
  assert.deepEqual(names(states), ['connected', 'away', 'connected']);
  assert.equal(states[1]?.error, RESET);
});

test('a message that the endpoint can never take is refused and counted, and the others go on', async (t) => {
  const error = new MonitoringError('HTTP_STATUS', { status: 413 });
  const transport = new MemoryTransport({
    send: (texts) =>
      texts.includes('large') ? { sent: texts.indexOf('large'), refusal: error } : { sent: texts.length },
  });
  const { shipper, offer, outcomes } = startShipper(t, [transport]);
  await offer('a', 'large', 'b');
  assert.deepEqual(transport.texts, ['a', 'b']);
  assert.equal(outcomes.get('large'), 'HTTP_STATUS');
  assert.deepEqual(shipper.counters, { received: 3, sent: 2, dropped: 1, retried: 0 });
});

test('what a lost connection may not have delivered is sent again', async (t) => {
  const first = new MemoryTransport({ unconfirmed: true, isRead: false });
  const second = new MemoryTransport({ unconfirmed: true });
  const { shipper, offer } = startShipper(t, [first, second], { replaySize: 1_000, replayMs: LONG_MS });
  await offer('a', 'b');
  first.lose(RESET);
  await until(() => second.texts.length === 2);
  assert.deepEqual(second.texts, ['a', 'b']);
  assert.equal(shipper.counters.retried, 2);
});

test('a better connection takes over, and nothing is sent twice where the old one was read', async (t) => {
  const old = new MemoryTransport({ unconfirmed: true });
  const fresh = new MemoryTransport({ unconfirmed: true });
  const options = { renewMs: 1, replaySize: 1_000, replayMs: LONG_MS };
  const { offer } = startShipper(t, [old, fresh], options);
  await until(() => old.isClosed);
  await offer('a');
  assert.deepEqual([old.texts, fresh.texts], [[], ['a']]);
});

test('a server that is away is said once, not once an attempt', async (t) => {
  const gone = new MemoryTransport({ open: () => Promise.reject(new Error('connect ECONNREFUSED')) });
  let attempts = 0;
  const { states, offer, outcomes } = startShipper(t, [], {
    createTransport: () => {
      attempts += 1;
      return gone;
    },
  });
  await until(() => attempts > 1);
  await offer('a');
  assert.deepEqual(names(states), ['away']);
  assert.equal(outcomes.get('a'), 'kept');
});

test('closing ends a connect at once, and what waits is kept for the next run', async (t) => {
  const hanging = new MemoryTransport({
    open: async (signal) => {
      await once(signal, 'abort');
      throw new MonitoringError('CLOSED');
    },
  });
  const path = storeFolder();
  const buffer = { path, memorySize: 1e6, diskSize: 1e6, maxAgeMs: 0, overflow: 'oldest' as const, onStorage() {} };
  const first = startShipper(t, [hanging], { buffer });
  void first.offer('a');
  assert.equal(await first.shipper.close(), 0);
  assert.deepEqual(first.states, [], 'a close is no failure of the server');
  const transport = new MemoryTransport();
  startShipper(t, [transport], { buffer });
  await until(() => transport.texts.length === 1);
  assert.deepEqual(transport.texts, ['a']);
});

test('closing ends a back-off at once', async (t) => {
  // Of these timers none ever fires: only the close can end the wait.
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const gone = new MemoryTransport({ open: () => Promise.reject(new Error('connect ECONNREFUSED')) });
  let away = (): void => undefined;
  const isAway = new Promise<void>((resolve) => {
    away = resolve;
  });
  const { shipper } = startShipper(t, [gone], { onState: () => away() });
  await isAway;
  await nextTurn();
  assert.equal(await shipper.close(), 0);
});

test('closing sends what waits, and takes nothing more', async (t) => {
  const transport = new MemoryTransport();
  const { shipper, offer, outcomes, states } = startShipper(t, [transport]);
  await until(() => states.length === 1);
  const sent = offer('a', 'b');
  assert.equal(await shipper.close(), 0);
  await sent;
  assert.deepEqual(transport.texts, ['a', 'b']);
  await offer('late');
  assert.equal(outcomes.get('late'), 'CLOSED');
});

test('a server that answers nothing holds the close up no longer than the flush may last', async (t) => {
  const stuck = new (class extends MemoryTransport {
    override async close(): Promise<boolean> {
      this.lose(RESET);
      return super.close();
    }
  })({
    send: () =>
      new Promise((resolve) => {
        stuck.lost.addEventListener('abort', () => resolve({ sent: 0, failure: stuck.lost.reason }));
      }),
  });
  const { shipper, offer, states } = startShipper(t, [stuck], { flushMs: 20 });
  await until(() => states.length === 1);
  void offer('a');
  await nextTurn();
  assert.equal(await shipper.close(), 0, 'kept on disk');
  assert.equal(stuck.isClosed, true);
});

test('sources are pressed when the buffer is nearly full, and let go when it has room again', async (t) => {
  let answer = (_result: { sent: number }): void => undefined;
  const slow = new MemoryTransport({
    send: (texts) =>
      new Promise((resolve) => {
        answer = () => resolve({ sent: texts.length });
      }),
  });
  const buffer = {
    path: undefined,
    memorySize: 400,
    diskSize: 0,
    maxAgeMs: 0,
    overflow: 'oldest' as const,
    onStorage: () => undefined,
  };
  const { offer, pressures, states, shipper } = startShipper(t, [slow], { buffer });
  await until(() => states.length === 1);
  const first = offer('first');
  await until(() => shipper.buffered === 0);
  const rest = offer('x'.repeat(90));
  assert.deepEqual(pressures, [true]);
  answer({ sent: 1 });
  await first;
  await until(() => shipper.buffered === 0);
  answer({ sent: 1 });
  await rest;
  assert.deepEqual(pressures, [true, false]);
});
