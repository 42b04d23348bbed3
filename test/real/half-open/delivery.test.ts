// Risk: an address can be opened, and delivers nothing.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { type TestContext, test } from 'node:test';
import { firstArrivals, hasAll, openDelivery } from '../../support/delivery.ts';
import { receiveHttp, receiveTcp, receiveUdp } from '../../support/graylog.ts';
import { gap, writeEvery } from '../../support/pace.ts';
import { range } from '../../support/stored-messages.ts';
import { until } from '../../support/until.ts';

async function listen(t: TestContext, server: Server): Promise<number> {
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    t.after(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

const http =
  (listener: RequestListener) =>
  async (t: TestContext): Promise<string> =>
    `http://127.0.0.1:${await listen(t, createHttpServer(listener))}`;

const first: [string, (t: TestContext) => Promise<string>][] = [
  [
    'accepts and hangs up, as a load balancer without a backend',
    async (t) =>
      `tcp://127.0.0.1:${await listen(
        t,
        createTcpServer((socket) => void socket.resume().end()),
      )}`,
  ],
  [
    'accepts and reads nothing',
    async (t) => `tcp://127.0.0.1:${await listen(t, createTcpServer({ pauseOnConnect: true }))}`,
  ],
  ['answers 503, as a proxy before a dead Graylog', http((_request, response) => void response.writeHead(503).end())],
  ['answers 401', http((_request, response) => void response.writeHead(401).end())],
  ['answers nothing over HTTP', http(() => undefined)],
  [
    'answers 100 Continue without end',
    http(
      (_request, response) =>
        void response.on(
          'close',
          writeEvery(5, () => response.writeContinue()),
        ),
    ),
  ],
  ['is a UDP port where nobody listens', async () => 'udp://127.0.0.1:9'],
  ['is a network that UDP cannot reach', async () => 'udp://255.255.255.255:9'],
];

for (const [name, start] of first) {
  test(`where the first address ${name}, the second gets every record`, { timeout: 60_000 }, async (t) => {
    const second = await receiveTcp(t);
    const url = `${await start(t)},tcp://127.0.0.1:${second.port}`;
    const { ship, states } = openDelivery(t, { url, config: { confirmSeconds: '0.5' } });
    for (const n of range(0, 20)) {
      await ship(n, n + 1);
      await gap(10);
    }
    await second.until((all) => hasAll(all, 20), 30_000);
    assert.deepEqual(new Set(firstArrivals(second.documents)), new Set(range(0, 20)));
    await until(
      () => states.at(-1)?.state === 'connected' && states.at(-1)?.endpoint.endsWith(`${second.port}`) === true,
    );
  });
}

for (const [scheme, receive] of [
  ['tcp', receiveTcp],
  ['http', receiveHttp],
  ['udp', receiveUdp],
] as const) {
  test(`an earlier ${scheme} address is used again once it delivers, and what a trial did not deliver is not lost`, {
    timeout: 60_000,
  }, async (t) => {
    const hangUp = createTcpServer((socket) => void socket.resume().end());
    const port = scheme === 'udp' ? await closedUdpPort(t) : await listen(t, hangUp);
    const second = await receiveTcp(t);
    const url = `${scheme}://127.0.0.1:${port},tcp://127.0.0.1:${second.port}`;
    const { ship, states } = openDelivery(t, { url, returnMs: 100, config: { confirmSeconds: '0.2' } });
    let shipped = 0;
    const shipUntil = (holds: () => boolean): Promise<void> =>
      until(async () => {
        shipped += 1;
        await ship(shipped - 1, shipped);
        return holds();
      }, 30_000);
    await shipUntil(() => second.documents.length > 20);
    // After a failure a server counts as back once it has confirmed something.
    await until(() => states.at(-1)?.endpoint.endsWith(`${second.port}`) === true);
    if (scheme !== 'udp') await new Promise((resolve) => hangUp.close(resolve));
    const again = await receive(t, { port });
    await shipUntil(() => again.documents.length > 20);
    await until(() => states.at(-1)?.endpoint.endsWith(`:${port}`) === true);
    const arrived = (): number[] => firstArrivals([...second.documents, ...again.documents]);
    await until(() => arrived().length === shipped);
  });
}

async function closedUdpPort(t: TestContext): Promise<number> {
  const receiver = await receiveUdp(t);
  await receiver.close();
  return receiver.port;
}
