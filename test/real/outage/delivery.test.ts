import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { selfSigned } from '../../support/certificate.ts';
import { firstArrivals, hasAll, openDelivery } from '../../support/delivery.ts';
import { explained } from '../../support/explained.ts';
import { type Receiver, type ReceiverOptions, receiveHttp, receiveTcp } from '../../support/graylog.ts';
import { until } from '../../support/until.ts';

const MINUTES = 60_000;

function inOrder(receivers: readonly Receiver[], count: number): void {
  const arrivals = firstArrivals(receivers.flatMap(({ documents }) => documents));
  assert.equal(arrivals.length, count);
  assert.deepEqual(
    arrivals,
    Array.from({ length: count }, (_, n) => n),
  );
  for (const { faults } of receivers) assert.deepEqual(faults, []);
}

const certificate = selfSigned();

type Receive = (t: TestContext, options?: ReceiverOptions) => Promise<Receiver>;
const transports: [string, Receive, string, object][] = [
  ['TCP', receiveTcp, 'tcp', {}],
  ['TLS', (t) => receiveTcp(t, { tls: certificate }), 'tls', {}],
  ['HTTP', (t) => receiveHttp(t, { bulk: true }), 'http', { bulk: true }],
];

for (const [name, receive, scheme, config] of transports) {
  test(`20 resets during 300,000 messages over ${name} lose none and keep the order`, {
    timeout: 5 * MINUTES,
  }, async (t) => {
    const receiver = await receive(t);
    const url = `${scheme}://localhost:${receiver.port}`;
    const { delivery, ship } = openDelivery(t, { url, config, tls: { ca: certificate.cert } });
    for (let part = 0; part < 20; part += 1) {
      await ship(part * 15_000, (part + 1) * 15_000);
      // In the middle of it: what was shipped last is on its way now.
      await receiver.until((all) => all.length > part * 10_000, MINUTES);
      receiver.reset();
    }
    await receiver.until((all) => hasAll(all, 300_000), 3 * MINUTES);
    inOrder([receiver], 300_000);
    assert.equal(delivery.counters.dropped, 0);
  });
}

test('messages for a server that comes after 60 s all arrive, in order', { timeout: 4 * MINUTES }, async (t) => {
  const gone = await receiveTcp(t);
  const { port } = gone;
  await gone.close();
  const { delivery, states, ship } = openDelivery(t, { url: `tcp://127.0.0.1:${port}` });
  await ship(0, 20_000);
  await pause(60_000);
  const receiver = await receiveTcp(t, { port });
  await receiver.until((all) => hasAll(all, 20_000), 2 * MINUTES);
  inOrder([receiver], 20_000);
  assert.equal(delivery.counters.dropped, 0);
  assert.equal(states.filter(({ state }) => state === 'away').length, 1, 'said once, not once a retry');
});

test('a server that stops reading for 15 s gets everything after it', { timeout: 3 * MINUTES }, async (t) => {
  const receiver = await receiveTcp(t);
  const { delivery, ship } = openDelivery(t, { url: `tcp://127.0.0.1:${receiver.port}` });
  await ship(0, 1_000);
  await receiver.until((all) => hasAll(all, 1_000));
  receiver.stall(true);
  await ship(1_000, 100_000);
  await pause(15_000);
  receiver.stall(false);
  await receiver.until((all) => hasAll(all, 100_000), MINUTES);
  inOrder([receiver], 100_000);
  assert.equal(delivery.counters.dropped, 0);
});

test('the second server takes over when the first dies, and the first again when it is back', async (t) => {
  const first = await receiveTcp(t);
  const second = await receiveTcp(t);
  const url = `tcp://127.0.0.1:${first.port},tcp://127.0.0.1:${second.port}`;
  const { ship, states } = openDelivery(t, { url, returnMs: 200 });
  await ship(0, 10_000);
  await first.until((all) => all.length > 0);
  await first.close();
  await ship(10_000, 20_000);
  await second.until((all) => all.some((document) => document._n === 19_999));
  const again = await receiveTcp(t, { port: first.port });
  await until(() => again.connections > 0);
  for (let n = 20_000; again.documents.length === 0 && n < 40_000; n += 1) {
    await ship(n, n + 1, 1);
    await pause(1);
  }
  assert.ok(again.documents.length > 0, 'the first server is used again');
  const all = firstArrivals([first, second, again].flatMap(({ documents }) => documents));
  assert.deepEqual(
    all.slice(0, 20_000),
    Array.from({ length: 20_000 }, (_, n) => n),
  );
  assert.equal(states.at(-1)?.endpoint, `tcp://127.0.0.1:${first.port}`);
});

test('a server with a certificate that nobody signed gets nothing, and the reason is said', async (t) => {
  const receiver = await receiveTcp(t, { tls: certificate });
  const { ship, states, delivery } = openDelivery(t, { url: `tls://localhost:${receiver.port}` });
  await ship(0, 10);
  while (states.length === 0) await pause(10);
  assert.match(explained(states[0]?.error), /self-signed/);
  assert.equal(receiver.documents.length, 0);
  assert.equal(delivery.summary.buffered, 10);
});

for (const [status, says] of [
  [401, /401/],
  [404, /404/],
  [500, /500/],
] as const) {
  test(`HTTP ${status} keeps the messages and says so once; they arrive when it answers 202`, async (t) => {
    let answer: number | undefined = status;
    const receiver = await receiveHttp(t, { answer: () => answer });
    const { ship, states } = openDelivery(t, { url: `http://127.0.0.1:${receiver.port}` });
    await ship(0, 100);
    while (!states.some(({ state }) => state === 'away')) await pause(10);
    assert.match(explained(states.find(({ state }) => state === 'away')?.error), says);
    answer = undefined;
    await receiver.until((all) => hasAll(all, 100), 30_000);
    inOrder([receiver], 100);
    assert.equal(states.filter(({ state }) => state === 'away').length, 1);
  });
}

test('HTTP 413 to a bulk body splits it; a single message that is too large is refused and counted', async (t) => {
  let limit = 2_000;
  const receiver = await receiveHttp(t, {
    bulk: true,
    answer: (_path, headers) => (Number(headers['content-length']) > limit ? 413 : undefined),
  });
  const { ship, delivery, refused } = openDelivery(t, {
    url: `http://127.0.0.1:${receiver.port}`,
    config: { bulk: true },
  });
  await ship(0, 50);
  await receiver.until((all) => hasAll(all, 50));
  inOrder([receiver], 50);
  limit = 100;
  await ship(50, 51);
  while (delivery.counters.dropped === 0) await pause(10);
  assert.equal(delivery.counters.dropped, 1);
  assert.deepEqual(refused, [50]);
});
