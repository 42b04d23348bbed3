import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { errorCode } from '../../../../../lib/errors.ts';
import { frameOf } from '../../../../../nodes/graylog-server/io/ship/frame-pool.ts';
import { AcknowledgementWatch } from '../../../../../nodes/graylog-server/io/transports/acknowledgement-watch.ts';
import { TcpTransport } from '../../../../../nodes/graylog-server/io/transports/tcp.ts';
import { selfSigned } from '../../../../support/certificate.ts';
import { receiveTcp } from '../../../../support/graylog.ts';

const never = new AbortController().signal;
const document = (n: number): string =>
  JSON.stringify({
    version: '1.1',
    host: 'h',
    short_message: `message ${n}`,
    timestamp: 1_795_000_000,
    level: 6,
    _n: n,
  });
const outgoing = (...texts: string[]) => ({ texts, frame: frameOf(texts) });

function connectionTo(
  port: number,
  options: { stallMs?: number; connectTimeoutMs?: number; finMs?: number } = {},
): TcpTransport {
  const endpoint = { protocol: 'tcp' as const, host: '127.0.0.1', port, path: '' };
  return new TcpTransport(endpoint, { connectTimeoutMs: 10_000, stallMs: 10_000, finMs: 10_000, ...options });
}

/** A server that does with each connection what `serve` says. Gives its port. */
async function listen(t: TestContext, serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function lossOf(transport: TcpTransport): Promise<unknown> {
  if (!transport.lost.aborted) await once(transport.lost, 'abort');
  return transport.lost.reason;
}

test('documents arrive over one connection, each followed by a NUL', async (t) => {
  const receiver = await receiveTcp(t);
  const transport = connectionTo(receiver.port);
  await transport.open(never);
  assert.deepEqual(await transport.send(outgoing(document(0), document(1))), { sent: 2 });
  assert.deepEqual(await transport.send(outgoing(document(2))), { sent: 1 });
  const documents = await receiver.until((all) => all.length === 3);
  assert.deepEqual(
    documents.map(({ _n }) => _n),
    [0, 1, 2],
  );
  assert.deepEqual([receiver.connections, receiver.faults], [1, []]);
  await transport.close();
});

test('closing half-closes, and the end of the peer says that it has read everything', async (t) => {
  const received: string[] = [];
  const port = await listen(t, (socket) => {
    socket.setEncoding('utf8').on('data', (text) => received.push(String(text)));
    socket.on('end', () => socket.end());
  });
  const transport = connectionTo(port);
  await transport.open(never);
  await transport.send(outgoing('a'));
  assert.deepEqual(await transport.close(), { isRead: true });
  assert.equal(received.join(''), 'a\0');
  assert.equal(transport.lost.aborted, false, 'a close is no loss');
});

test('a peer that does not hang up when it is asked may not have read everything', async (t) => {
  const port = await listen(t, (socket) => socket.resume());
  const transport = connectionTo(port);
  await transport.open(never);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const closed = transport.close();
  t.mock.timers.tick(10_000);
  const { isRead, fault } = await closed;
  assert.deepEqual([isRead, errorCode(fault)], [false, 'PEER_READS_NOT']);
});

test('a peer that hangs up is a lost connection, and what follows is not sent', async (t) => {
  const port = await listen(t, (socket) => socket.end());
  const transport = connectionTo(port);
  await transport.open(never);
  assert.equal(errorCode(await lossOf(transport)), 'CLOSED_BY_PEER');
  const { sent, failure } = await transport.send(outgoing('a'));
  assert.deepEqual([sent, errorCode(failure)], [0, 'CLOSED_BY_PEER']);
  assert.equal((await transport.close()).isRead, false);
});

test("a reset is a lost connection with the system's error", async (t) => {
  const port = await listen(t, (socket) => socket.once('data', () => socket.resetAndDestroy()));
  const transport = connectionTo(port);
  await transport.open(never);
  await transport.send(outgoing('a'));
  assert.equal(errorCode(await lossOf(transport)), 'ECONNRESET');
});

test('a peer that takes nothing for too long is gone', async (t) => {
  const port = await listen(t, (socket) => socket.pause());
  const transport = connectionTo(port, { stallMs: 20 });
  await transport.open(never);
  const large = 'x'.repeat(16_000_000);
  const { sent, failure } = await transport.send(outgoing(large));
  assert.deepEqual([sent, errorCode(failure)], [0, 'PEER_STALLED']);
  assert.equal(errorCode(await lossOf(transport)), 'PEER_STALLED');
});

test('a port where nobody listens rejects `open()`', async (t) => {
  const gone = await receiveTcp(t);
  await gone.close();
  const transport = connectionTo(gone.port);
  await assert.rejects(transport.open(never), { code: 'ECONNREFUSED' });
  assert.equal((await transport.close()).isRead, false);
});

test('TLS is spoken with the options of tls-config, and the name of the host is checked', async (t) => {
  const certificate = selfSigned();
  const receiver = await receiveTcp(t, { tls: certificate });
  const endpoint = { protocol: 'tls' as const, host: 'localhost', port: receiver.port, path: '' };
  const limits = { connectTimeoutMs: 10_000, stallMs: 10_000, finMs: 10_000 };
  const trusted = new TcpTransport(endpoint, { ...limits, tls: { ca: certificate.cert } });
  await trusted.open(never);
  await trusted.send(outgoing(document(0)));
  await receiver.until((all) => all.length === 1);
  await trusted.close();
  const distrusted = new TcpTransport(endpoint, { ...limits, tls: {} });
  await assert.rejects(distrusted.open(never), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
});

test('a TLS server that never shakes hands is no answer in time', async (t) => {
  const port = await listen(t, (socket) => socket.resume());
  const endpoint = { protocol: 'tls' as const, host: '127.0.0.1', port, path: '' };
  const transport = new TcpTransport(endpoint, { tls: {}, connectTimeoutMs: 20, stallMs: 10_000, finMs: 10_000 });
  await assert.rejects(transport.open(never), { code: 'NO_ANSWER' });
});

test('aborting ends a handshake that is under way', async (t) => {
  const connected = new AbortController();
  const port = await listen(t, () => connected.abort());
  const endpoint = { protocol: 'tls' as const, host: '127.0.0.1', port, path: '' };
  const transport = new TcpTransport(endpoint, { tls: {}, connectTimeoutMs: 60_000, stallMs: 10_000, finMs: 10_000 });
  await assert.rejects(transport.open(connected.signal), { code: 'CLOSED' });
  assert.equal((await transport.close()).isRead, false);
});

test('tickets of a handshake that come late, before the end of a dead TLS peer, are no leave', async (t) => {
  const certificate = selfSigned();
  const receiver = await receiveTcp(t, { tls: certificate });
  let localPort = 0;
  let flights = 0;
  // What the server says to the client's second flight, the tickets, comes with the end only, as from a system whose program was killed.
  const port = await listen(t, (client) => {
    localPort = client.remotePort ?? 0;
    const server = connect(receiver.port, '127.0.0.1').on('error', () => undefined);
    const late: Buffer[] = [];
    client.on('data', (bytes) => {
      flights += 1;
      if (flights <= 2) server.write(bytes);
    });
    server.on('data', (bytes) => (flights < 2 ? client.write(bytes) : late.push(bytes)));
    client.on('end', () => client.end(Buffer.concat(late)));
    t.after(() => server.destroy());
  });
  const hex = (n: number): string => n.toString(16).toUpperCase().padStart(4, '0');
  const table = (): string =>
    `   0: 0100007F:${hex(localPort)} 0100007F:${hex(port)} 05 00000000:00000000 00:00000000 0\n`;
  const watch = new AcknowledgementWatch({ readTables: async () => table() });
  const endpoint = { protocol: 'tls' as const, host: 'localhost', port, path: '' };
  const limits = { connectTimeoutMs: 10_000, stallMs: 10_000, finMs: 10_000 };
  const transport = new TcpTransport(endpoint, { ...limits, tls: { ca: certificate.cert }, watch });
  await transport.open(never);
  await transport.send(outgoing(document(0)));
  assert.equal((await transport.close()).isRead, false);
});
