// Risk: a stop takes longer than five seconds, loses records, or leaves the buffer locked for the next run.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { Resolver } from '../../../lib/io/resolver.ts';
import { selfSigned } from '../../support/certificate.ts';
import { hasAll, openDelivery } from '../../support/delivery.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { gap, writeEvery } from '../../support/pace.ts';
import { until } from '../../support/until.ts';

const certificate = selfSigned();
const COUNT = 2_000;
/** Node-RED gives a node fifteen seconds; this package promises five. */
const CLOSE_MS = 5_000;

let connections = 0;

async function listen(t: TestContext, server: Server): Promise<number> {
  server.on('connection', (socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    t.after(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

const stuck = (): Server => createTcpServer({ pauseOnConnect: true });
let answers = 0;
const servers: { [fault: string]: (() => Server) | undefined } = {
  'reads nothing': stuck,
  'hangs up at once': () => createTcpServer((socket) => socket.end()),
  'reads, and does not hang up': () => createTcpServer({ allowHalfOpen: true }, (socket) => socket.resume()),
  'does not exist': undefined,
};
const faults: [string, string, (() => Server) | undefined][] = [
  ...Object.entries(servers).map(([fault, server]): [string, string, (() => Server) | undefined] => [
    'tcp',
    fault,
    server,
  ]),
  ['tls', 'never shakes hands', stuck],
  [
    'tls',
    'reads nothing after the handshake',
    () => createTlsServer({ ...certificate, pauseOnConnect: false }, (socket) => socket.pause()),
  ],
  ['http', 'answers nothing', () => createHttpServer(() => undefined)],
  [
    'http',
    'answers once, then hangs',
    () =>
      createHttpServer((_request, response) => {
        answers += 1;
        if (answers % 2 === 1) response.writeHead(202).end();
      }),
  ],
  [
    'http',
    'answers without end',
    () =>
      createHttpServer((_request, response) => {
        response.writeHead(202);
        response.on(
          'close',
          writeEvery(20, () => response.write('x')),
        );
      }),
  ],
  [
    'http',
    'says 100 Continue without end',
    () =>
      createHttpServer(
        (_request, response) =>
          void response.on(
            'close',
            writeEvery(5, () => response.writeContinue()),
          ),
      ),
  ],
  ['http', 'answers 503', () => createHttpServer((_request, response) => void response.writeHead(503).end())],
  ['udp', 'does not exist', undefined],
];

for (const [scheme, fault, create] of faults) {
  test(`a stop is in time where a server over ${scheme} ${fault}`, { timeout: 120_000 }, async (t) => {
    for (const endpoints of [1, 2, 3]) {
      const urls: string[] = [];
      connections = 0;
      for (let i = 0; i < endpoints; i += 1) {
        const port = create === undefined ? 9 : await listen(t, create());
        urls.push(`${scheme}://localhost:${port}`);
      }
      const reached = (): boolean => create === undefined || connections > 0;
      await closesInTime(t, urls.join(), {
        mayArrive: scheme === 'udp' || /^answers (once|without)/.test(fault),
        reached,
      });
    }
  });
}

test('a stop is in time where a name is never looked up', { timeout: 60_000 }, async (t) => {
  const resolver = new Resolver({ hostsFile: '/dev/null', lookup: () => new Promise(() => undefined) });
  for (const scheme of ['tcp', 'tls', 'udp', 'http']) {
    const url = `${scheme}://one.test,${scheme}://two.test`;
    await closesInTime(t, url, { resolver });
  }
});

interface Case {
  /** Some of the records may be delivered before the stop. */
  readonly mayArrive?: boolean;
  readonly reached?: () => boolean;
  readonly resolver?: Resolver;
}

async function closesInTime(t: TestContext, url: string, { mayArrive, reached, resolver }: Case): Promise<void> {
  const userDir = temporaryFolder();
  const tls = { ca: certificate.cert };
  const { delivery, ship } = openDelivery(t, {
    url,
    userDir,
    tls,
    config: { bulk: true, confirmSeconds: '0.2' },
    ...(resolver === undefined ? {} : { resolver }),
  });
  await ship(0, COUNT);
  await until(reached ?? (() => true));
  // Into the middle of it: what was connected is being sent over now, or waits to be confirmed.
  await gap(400);
  const startedMs = performance.now();
  assert.equal(await delivery.close(), 0, 'nothing is lost');
  assert.ok(performance.now() - startedMs < CLOSE_MS, `${url}: ${performance.now() - startedMs} ms`);
  const receiver = await receiveTcp(t);
  const next = openDelivery(t, { url: `tcp://127.0.0.1:${receiver.port}`, userDir });
  await next.ship(COUNT, COUNT + 1);
  if (mayArrive) await receiver.until((all) => all.some(({ _n }) => _n === COUNT));
  else await receiver.until((all) => hasAll(all, COUNT + 1));
  await until(() => next.storage.length === 0 || !next.storage.includes('locked'));
  assert.ok(!next.storage.includes('locked'), 'no other Node-RED uses the buffer');
  await next.delivery.close();
}
