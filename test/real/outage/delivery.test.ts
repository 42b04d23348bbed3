// Risk: the server goes away, by a reset or for good, and comes back.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { inOrder } from '../../support/arrivals.ts';
import { countFailedConnects } from '../../support/attempts.ts';
import { selfSigned } from '../../support/certificate.ts';
import { firstArrivals, hasAll, openDelivery } from '../../support/delivery.ts';
import { type Receiver, type ReceiverOptions, receiveHttp, receiveTcp } from '../../support/graylog.ts';
import { freePort } from '../../support/ports.ts';
import { PATIENCE_MS, until } from '../../support/until.ts';

const MINUTES = 60_000;

const certificate = selfSigned();

type Receive = (t: TestContext, options?: ReceiverOptions) => Promise<Receiver>;
const transports: [string, Receive, string, object][] = [
  ['TCP', receiveTcp, 'tcp', {}],
  ['TLS', (t) => receiveTcp(t, { tls: certificate }), 'tls', {}],
  ['HTTP', (t) => receiveHttp(t, { bulk: true }), 'http', { bulk: true }],
];

for (const [name, receive, scheme, config] of transports) {
  test(`20 resets during 300,000 messages over ${name} lose none`, {
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
    assert.deepEqual(receiver.faults, []);
    assert.equal(delivery.counters.dropped, 0);
  });
}

test('messages for a server that comes after five failed attempts all arrive, in order', {
  timeout: 5 * MINUTES,
}, async (t) => {
  const port = await freePort();
  const failedConnects = countFailedConnects(t);
  const { delivery, states, ship } = openDelivery(t, { url: `tcp://127.0.0.1:${port}` });
  await ship(0, 20_000);
  await until(() => failedConnects() >= 5, 2 * MINUTES);
  const receiver = await receiveTcp(t, { port });
  await receiver.until((all) => hasAll(all, 20_000), 2 * MINUTES);
  inOrder([receiver], 20_000);
  assert.equal(delivery.counters.dropped, 0);
  assert.equal(states.filter(({ state }) => state === 'away').length, 1, 'said once, not once a retry');
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
  await second.until((all) => hasAll([...first.documents, ...all], 20_000));
  const again = await receiveTcp(t, { port: first.port });
  await until(() => again.connections > 0);
  let next = 20_000;
  await until(
    async () => {
      next += 1;
      await ship(next - 1, next);
      return again.documents.length > 0;
    },
    PATIENCE_MS,
    () => 'the first server is used again',
  );
  const all = firstArrivals([first, second, again].flatMap(({ documents }) => documents));
  // Of two connections after each other the receiver may read the second one first.
  const inTurn = all.filter((n) => n < 20_000).sort((a, b) => a - b);
  assert.deepEqual(
    inTurn,
    Array.from({ length: 20_000 }, (_, n) => n),
  );
  // It delivers before it is the one in use.
  await until(() => states.at(-1)?.endpoint === `tcp://127.0.0.1:${first.port}`);
});
