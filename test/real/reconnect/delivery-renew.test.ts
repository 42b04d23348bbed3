// Risk: a new connection by intent, while messages flow.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { selfSigned } from '../../support/certificate.ts';
import { hasAll, openDelivery } from '../../support/delivery.ts';
import { type Receiver, receiveHttp, receiveTcp } from '../../support/graylog.ts';
import { gap } from '../../support/pace.ts';
import { until } from '../../support/until.ts';

const certificate = selfSigned();
/** 1.2 s, in the minutes of the dialog: what a younger connection over TLS was sent is sent again. */
const renewMinutes = String(1_200 / 60_000);

const transports: [string, string, (t: TestContext) => Promise<Receiver>, object][] = [
  ['TCP', 'tcp', (t) => receiveTcp(t), {}],
  ['TLS', 'tls', (t) => receiveTcp(t, { tls: certificate }), {}],
  ['HTTP', 'http', (t) => receiveHttp(t, { bulk: true }), { bulk: true }],
];

for (const [name, scheme, receive, config] of transports) {
  test(`reconnecting over ${name} while messages flow opens a new connection, ends the old one in good order and loses, repeats and reorders nothing`, {
    timeout: 60_000,
  }, async (t) => {
    const receiver = await receive(t);
    const { delivery, ship, states } = openDelivery(t, {
      url: `${scheme}://localhost:${receiver.port}`,
      config: { ...config, renewMinutes },
      tls: { ca: certificate.cert },
    });
    let shipped = 0;
    // HTTP asks with a connection of its own whether the server is there.
    const wanted = scheme === 'http' ? 6 : 3;
    const deadlineMs = Date.now() + 30_000;
    while (receiver.connections < wanted) {
      assert.ok(Date.now() < deadlineMs, `${receiver.connections} connections`);
      await ship(shipped, shipped + 50, 10);
      shipped += 50;
      await gap(5);
    }
    await receiver.until((all) => hasAll(all, shipped));
    assert.deepEqual(
      receiver.documents.map(({ _n }) => _n),
      Array.from({ length: shipped }, (_, n) => n),
    );
    assert.deepEqual(receiver.faults, []);
    await until(() => delivery.counters.sent === shipped);
    assert.deepEqual(delivery.counters, { received: shipped, sent: shipped, dropped: 0, retried: 0 });
    await until(() => receiver.open <= 1);
    assert.equal(receiver.broken, 0);
    assert.deepEqual(new Set(states.map(({ state }) => state)), new Set(['connected']));
  });
}

test('without a time to reconnect one connection serves', async (t) => {
  const receiver = await receiveTcp(t);
  const { ship } = openDelivery(t, { url: `tcp://localhost:${receiver.port}` });
  for (let n = 0; n < 50; n += 1) {
    await ship(n, n + 1);
    await gap(10);
  }
  await receiver.until((all) => hasAll(all, 50));
  assert.equal(receiver.connections, 1);
});
