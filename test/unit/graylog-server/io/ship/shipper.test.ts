import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorCode, MonitoringError } from '../../../../../lib/errors.ts';
import { refusedPath } from '../../../../../nodes/graylog-server/io/buffer/refused-file.ts';
import { Shipper, type ShipperOptions } from '../../../../../nodes/graylog-server/io/ship/shipper.ts';
import type { Ending } from '../../../../../nodes/graylog-server/io/transports/transport.ts';
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
  /** Waits until it is connected: what waits in memory for longer than a second goes to disk. */
  connected(): Promise<void>;
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
    confirmMs: 0,
    keepAfterMs: LONG_MS,
    firstWaitMs: 200,
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
    connected: () => until(() => states.at(-1)?.state === 'connected'),
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

/** The end of a peer that reads nothing. */
function whenAborted(signal?: AbortSignal): Promise<Ending> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve({ isRead: false });
    signal?.addEventListener('abort', () => resolve({ isRead: false }), { once: true });
  });
}

/** A promise, and what resolves it. */
function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve = (_value: T): void => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function bufferAt(path: string | undefined): ShipperOptions['buffer'] {
  return { path, memorySize: 1e6, diskSize: 1e6, maxAgeMs: 0, overflow: 'oldest', onStorage: () => undefined };
}

const names = (states: readonly ShipperState[]): string[] => states.map(({ state }) => state);

test('what is offered in one turn leaves in one batch, in order, and is counted', async (t) => {
  const transport = new MemoryTransport();
  const { shipper, connected, offer, states } = startShipper(t, [transport]);
  await connected();
  t.mock.timers.enable({ apis: ['setTimeout'] });
  await offer('a', 'b', 'c');
  assert.deepEqual(transport.batches, [['a', 'b', 'c']]);
  assert.deepEqual(shipper.counters, { received: 3, sent: 3, dropped: 0, retried: 0 });
  assert.deepEqual([names(states), shipper.buffered, shipper.lagMs], [['connected'], 0, 0]);
});

test('a transport that confirms nothing gets frames, each message followed by a NUL', async (t) => {
  const transport = new MemoryTransport({ confirms: 'never' });
  const { connected, offer } = startShipper(t, [transport]);
  await connected();
  t.mock.timers.enable({ apis: ['setTimeout'] });
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
    send: (texts) => ({ sent: texts.length, refused: [{ index: texts.indexOf('large'), error }] }),
  });
  const path = storeFolder();
  const { shipper, offer, outcomes } = startShipper(t, [transport], { buffer: bufferAt(path) });
  await offer('a', 'large', 'b');
  assert.equal(outcomes.get('large'), 'HTTP_STATUS');
  assert.equal(outcomes.get('b'), 'kept');
  assert.deepEqual(shipper.counters, { received: 3, sent: 2, dropped: 1, retried: 0 });
  const file = refusedPath(path);
  await until(() => existsSync(file) && readFileSync(file, 'utf8').includes('"reason":"HTTP 413","document":"large"'));
});

test('without confirmation, what a lost connection may not have delivered is sent again', async (t) => {
  const first = new MemoryTransport({ confirms: 'never' });
  const second = new MemoryTransport({ confirms: 'never' });
  const { shipper, offer } = startShipper(t, [first, second], { replaySize: 1_000, replayMs: LONG_MS });
  await offer('a', 'b');
  first.lose(RESET);
  await until(() => second.texts.length === 2);
  assert.deepEqual(second.texts, ['a', 'b']);
  assert.equal(shipper.counters.retried, 2);
});

test('what is sent counts once the peer has hung up in its turn, and meanwhile the next connection serves', async (t) => {
  const hangUp = deferred<{ isRead: boolean }>();
  const old = new MemoryTransport({ confirms: 'end', close: () => hangUp.promise });
  const fresh = new MemoryTransport({ confirms: 'end' });
  const { shipper, offer, outcomes } = startShipper(t, [old, fresh], { confirmMs: 200 });
  const first = offer('a', 'b');
  await until(() => old.isClosed);
  void offer('c');
  await until(() => fresh.texts.length === 1);
  assert.deepEqual([outcomes.size, shipper.counters.sent, shipper.buffered], [0, 0, 3]);
  hangUp.resolve({ isRead: true });
  await first;
  assert.ok(shipper.counters.sent >= 2);
  assert.equal(outcomes.get('a'), 'kept');
});

test('what the peer did not read before its end is sent again, in order, with all that came after it', async (t) => {
  const hangUp = deferred<{ isRead: boolean; fault: Error }>();
  const old = new MemoryTransport({ confirms: 'end', close: () => hangUp.promise });
  const second = new MemoryTransport({ confirms: 'end', close: () => ({ isRead: false }) });
  const third = new MemoryTransport({ confirms: 'end' });
  const { shipper, offer, states } = startShipper(t, [old, second, third], { confirmMs: 200 });
  const first = offer('a', 'b');
  await until(() => old.isClosed);
  const more = offer('c');
  await until(() => second.texts.length === 1);
  hangUp.resolve({ isRead: false, fault: RESET });
  await Promise.all([first, more]);
  await until(() => shipper.counters.sent === 3);
  assert.deepEqual(third.texts, ['a', 'b', 'c']);
  assert.deepEqual(shipper.counters, { received: 3, sent: 3, dropped: 0, retried: 3 });
  assert.deepEqual(names(states), ['connected', 'away', 'connected']);
  assert.equal(states[1]?.error, RESET);
});

test('a link that resets again and again still moves on: each connection is used for half as long', async (t) => {
  // Each is lost once it was sent a hundred messages that nobody confirmed.
  const create = (): MemoryTransport => {
    const transport: MemoryTransport = new MemoryTransport({
      confirms: 'end',
      send: (texts) => {
        if (transport.texts.length + texts.length > 100) setImmediate(() => transport.lose(RESET));
        return { sent: texts.length };
      },
    });
    return transport;
  };
  const { shipper, offer } = startShipper(t, [], {
    createTransport: create,
    confirmMs: 30,
    buffer: { ...bufferAt(storeFolder()), memorySize: 1e8, diskSize: 1e8 },
  });
  const settled = [];
  for (let n = 0; n < 600; n += 1) {
    settled.push(offer(`${n} ${'x'.repeat(3_000)}`));
    if (n % 10 === 9) await nextTurn();
  }
  await Promise.all(settled);
  await until(() => shipper.counters.sent === 600);
});

test('what is not confirmed for long is on disk, and taken off it once it is confirmed', async (t) => {
  const path = storeFolder();
  const hanging = new MemoryTransport({ confirms: 'end', close: whenAborted });
  const options = { confirmMs: 10, keepAfterMs: 20, buffer: bufferAt(path) };
  const { offer, outcomes } = startShipper(t, [hanging, hanging], options);
  await offer('a', 'b');
  assert.deepEqual([...outcomes.values()], ['kept', 'kept']);
});

test('while too much is not confirmed, no more is sent', async (t) => {
  const hanging = new MemoryTransport({
    confirms: 'end',
    close: whenAborted,
  });
  const buffer = { ...bufferAt(undefined), memorySize: 1e9, diskSize: 0 };
  const { offer, shipper } = startShipper(t, [hanging], { confirmMs: LONG_MS, buffer });
  void offer(...Array.from({ length: 80 }, () => 'x'.repeat(1_000_000)));
  await until(() => hanging.batches.length >= 68);
  await nextTurn();
  assert.ok(hanging.batches.length < 70, `${hanging.batches.length} MB`);
  assert.equal(shipper.buffered, 80);
});

test('an earlier endpoint is gone back to once it has delivered a batch, and not before', async (t) => {
  let isDelivering = false;
  const hosts: { [host: string]: MemoryTransport[] } = { a: [], b: [] };
  const create = ({ host }: { host: string }): MemoryTransport => {
    const isRead = (): boolean => host === 'b' || isDelivering;
    const transport = new MemoryTransport({ confirms: 'end', close: () => ({ isRead: isRead(), fault: RESET }) });
    hosts[host]?.push(transport);
    return transport;
  };
  const { offer, shipper, states } = startShipper(t, [], {
    endpoints: () => endpointsNamed('a', 'b'),
    createTransport: create,
    returnMs: 30,
    confirmMs: 10,
  });
  await offer('first');
  await until(() => states.at(-1)?.endpoint === 'tcp://b:1');
  const asked = hosts.a?.length ?? 0;
  let n = 0;
  await until(() => {
    n += 1;
    void offer(`more ${n}`);
    return (hosts.a?.length ?? 0) > asked;
  });
  assert.equal(states.at(-1)?.endpoint, 'tcp://b:1', 'opened is not delivered');
  isDelivering = true;
  await until(() => {
    n += 1;
    void offer(`more ${n}`);
    return states.at(-1)?.endpoint === 'tcp://a:1' && states.at(-1)?.state === 'connected';
  });
  await until(() => shipper.counters.sent === n + 1);
  const arrived = Object.values(hosts).flatMap((all) => all.flatMap(({ texts }) => texts));
  assert.equal(new Set(arrived).size, n + 1);
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
  const stuck: MemoryTransport = new MemoryTransport({
    close: () => {
      stuck.lose(RESET);
      return { isRead: false };
    },
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
  let asked = 0;
  let answer = (_result: { sent: number }): void => undefined;
  const slow = new MemoryTransport({
    send: (texts) =>
      new Promise((resolve) => {
        asked += 1;
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
  const { offer, pressures, states } = startShipper(t, [slow], { buffer });
  await until(() => states.length === 1);
  const first = offer('first');
  await until(() => asked === 1);
  const rest = offer('x'.repeat(90));
  assert.deepEqual(pressures, [true]);
  answer({ sent: 1 });
  await first;
  await until(() => asked === 2);
  answer({ sent: 1 });
  await rest;
  assert.deepEqual(pressures, [true, false]);
});
