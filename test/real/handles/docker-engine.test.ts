// Risk: each Deploy and each press of Test leaves a connection open.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { createServer } from 'node:tls';
import { promisify } from 'node:util';
import { DockerEngineClient } from '../../../nodes/docker-engine/io/client.ts';
import { selfSigned } from '../../support/certificate.ts';
import { startFakeEngine } from '../../support/fake-engine.ts';
import { program, real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

test(
  'of 20 clients over TLS that are closed no connection is left',
  real('openssl', program('openssl') !== undefined),
  async (t) => {
    const engine = await startFakeEngine(t);
    const { cert, key } = selfSigned();
    const server = createServer({ cert, key }, (socket) => {
      const inner = connect(engine.host.slice('unix://'.length));
      socket.pipe(inner).pipe(socket);
      for (const end of [socket, inner]) end.on('error', () => undefined);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const address = { kind: 'tcp', host: 'localhost', port, prefix: '', tls: true } as const;
    const clients = Array.from(
      { length: 20 },
      () => new DockerEngineClient({ address, tls: { ca: cert }, answerMs: 15_000 }),
    );
    const connections = promisify(server.getConnections.bind(server));
    await Promise.all(
      clients.map(async (client) => {
        await client.stream('/events');
        await client.plainStream('/events');
        // Its connection is kept for the next request.
        await client.json('/info');
      }),
    );
    assert.ok((await connections()) >= 40);
    for (const client of clients) client.close();
    await until(async () => (await connections()) === 0);
  },
);
