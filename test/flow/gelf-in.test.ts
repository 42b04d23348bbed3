// gelf-in in a flow, on real sockets.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { NodeMessageInFlow } from 'node-red';
import registerGelfIn from '../../nodes/gelf-in/gelf-in.ts';
import registerRecordFilter from '../../nodes/record-filter/record-filter.ts';
import { runFlow } from '../support/flow.ts';
import { writeEvery } from '../support/pace.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';

const document = (n: number, more: object = {}): string =>
  JSON.stringify({ version: '1.1', host: 'web1', short_message: `line ${n}`, timestamp: 1_767_225_600 + n, ...more });

interface Started {
  readonly port: number;
  readonly received: NodeMessageInFlow[];
  readonly statuses: string[];
  readonly flow: Awaited<ReturnType<typeof runFlow>>;
  nodes(more?: object): object[];
}

async function start(t: TestContext, properties: object = {}): Promise<Started> {
  const port = await freePort();
  const nodes = (more: object = {}): object[] => [
    { id: 'tab1', type: 'tab' },
    {
      ...{ id: 'in1', z: 'tab1', type: 'gelf-in', port: String(port), address: '127.0.0.1', wires: [['end1']] },
      ...{ ...properties, ...more },
    },
    { id: 'end1', z: 'tab1', type: 'helper' },
    { id: 'status1', z: 'tab1', type: 'status', scope: null, wires: [['end2']] },
    { id: 'end2', z: 'tab1', type: 'helper' },
  ];
  const flow = await runFlow(t, [registerGelfIn], nodes());
  const received: NodeMessageInFlow[] = [];
  const statuses: string[] = [];
  const hear = (): void => {
    flow.node('end1').on('input', (msg) => received.push(msg));
    flow.node('end2').on('input', (msg) => statuses.push((msg as { status?: { text?: string } }).status?.text ?? ''));
  };
  hear();
  return { port, received, statuses, flow, nodes };
}

/** Sends datagrams until one has arrived: the port may not be open yet. */
async function sendUdp(port: number, datagrams: readonly Buffer[], hasArrived: () => boolean): Promise<void> {
  const socket = createSocket('udp4');
  await until(() => {
    if (hasArrived()) return true;
    for (const datagram of datagrams) socket.send(datagram, port, '127.0.0.1');
    return false;
  });
  socket.close();
}

async function open(port: number): Promise<Socket> {
  let socket: Socket | undefined;
  await until(async () => {
    const one = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    one.on('error', () => undefined);
    const isOpen = await Promise.race([
      once(one, 'connect').then(() => true),
      once(one, 'close').then(() => false),
    ]).catch(() => false);
    if (isOpen) socket = one;
    return isOpen;
  });
  return socket as Socket;
}

function chunks(message: Buffer, size: number): Buffer[] {
  const count = Math.ceil(message.length / size);
  return Array.from({ length: count }, (_, i) =>
    Buffer.concat([
      Buffer.from([0x1e, 0x0f, 1, 2, 3, 4, 5, 6, 7, 8, i, count]),
      message.subarray(i * size, (i + 1) * size),
    ]),
  );
}

test('a datagram, whole, packed or in chunks, becomes a record with the keys of the contract', async (t) => {
  const { port, received } = await start(t, { transport: 'udp' });
  await sendUdp(port, [Buffer.from(document(1, { _container_name: 'web' }))], () => received.length > 0);
  const { payload, topic, sender } = received[0] as NodeMessageInFlow & { sender: string };
  const { relay_host: relay, ...rest } = payload as { [key: string]: unknown };
  const record = { message: 'line 1', time: '2026-01-01T00:00:01.000Z', host: 'web1', level: 6, container_name: 'web' };
  assert.deepEqual(rest, record);
  assert.equal(typeof relay, 'string');
  assert.equal(topic, 'gelf/web1');
  assert.equal(sender, '127.0.0.1');
  const has = (text: string) => (): boolean =>
    received.some(({ payload: one }) => (one as { message: string }).message === text);
  await sendUdp(port, [gzipSync(document(2))], has('line 2'));
  const long = document(3, { _text: 'x'.repeat(200_000) });
  await sendUdp(port, chunks(Buffer.from(long), 8_000), has('line 3'));
});

test('over TCP a NUL and a newline end a document, and the end is answered after it', async (t) => {
  const { port, received, statuses } = await start(t, { transport: 'tcp' });
  const socket = await open(port);
  socket.write(`${document(1)}\0${document(2)}\n${document(3)}\0\n\0`);
  socket.end(document(4));
  socket.resume();
  await once(socket, 'end');
  assert.deepEqual(
    received.map(({ payload }) => (payload as { message: string }).message),
    ['line 1', 'line 2', 'line 3', 'line 4'],
  );
  await until(() => statuses.some((text) => /received/.test(text)));
});

function post(
  port: number,
  path: string,
  body: string | Buffer,
  headers: object = {},
  method = 'POST',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const one = request({ port, host: '127.0.0.1', path, method, headers: { ...headers } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    one.on('error', reject);
    one.end(body);
  });
}

test('over HTTP bodies are taken and refused as Graylog does, and pages of other sites not at all', async (t) => {
  const { port, received } = await start(t, { transport: 'http' });
  (await open(port)).destroy();
  assert.equal(await post(port, '/gelf', `${document(1)}\n`), 202);
  assert.equal(await post(port, '/gelf', `${document(2)}\n${document(3)}\n`), 202);
  assert.equal(await post(port, '/gelf', gzipSync(document(4)), { 'content-encoding': 'gzip' }), 202);
  assert.equal(received.length, 4);
  assert.equal(await post(port, '/gelf/', document(5)), 404);
  assert.equal(await post(port, '/gelf', '', {}, 'GET'), 405);
  assert.equal(await post(port, '/gelf', 'x'.repeat(65_537)), 413);
  assert.equal(await post(port, '/gelf', gzipSync('x'.repeat(1_000_000)), { 'content-encoding': 'gzip' }), 413);
  assert.equal(await post(port, '/gelf', 'not gzip', { 'content-encoding': 'gzip' }), 400);
  assert.equal(await post(port, '/gelf', document(5), { origin: 'http://evil.example' }), 403);
  assert.equal(received.length, 4);
});

test('a Deploy that changes nothing keeps the port and the connections, and loses no datagram', async (t) => {
  const { port, received, flow, nodes } = await start(t, { transport: 'udp+tcp' });
  const socket = await open(port);
  socket.write(`${document(1)}\0`);
  await until(() => received.length === 1);
  const udp = createSocket('udp4');
  let sent = 0;
  const stop = writeEvery(5, () => {
    for (let i = 0; i < 50; i += 1) udp.send(document(i), port, '127.0.0.1');
    sent += 50;
  });
  const again: NodeMessageInFlow[] = [];
  await flow.redeploy(nodes({ name: 'changed' }), 'nodes');
  flow.node('end1').on('input', (msg) => again.push(msg));
  socket.write(`${document(0)}\0`);
  await until(() => again.some(({ payload }) => (payload as { message: string }).message === 'line 0'));
  stop();
  await until(() => received.length + again.length >= sent + 2);
  udp.close();
  socket.destroy();
});

test('a port that is taken is red with who has it, and one that is free again is taken', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const { statuses } = await start(t, { transport: 'tcp', port: String(port) });
  await until(() => statuses.some((text) => /taken/.test(text)));
  taken.close();
});

test('a sender that is not allowed is refused', async (t) => {
  const { port, received } = await start(t, { transport: 'tcp', senders: '192.0.2.0/24' });
  const socket = await open(port);
  socket.resume();
  if (!socket.readableEnded) await once(socket, 'end');
  assert.equal(received.length, 0);
});

test('of a host that floods no more than its share gets past a filter by host, and all of the others do', async (t) => {
  const port = await freePort();
  const flow = await runFlow(
    t,
    [registerGelfIn, registerRecordFilter],
    [
      { id: 'tab1', type: 'tab' },
      { id: 'in1', z: 'tab1', type: 'gelf-in', port: String(port), address: '127.0.0.1', wires: [['share1']] },
      {
        ...{ id: 'share1', z: 'tab1', type: 'record-filter', name: 'share', action: 'drop' },
        ...{ atMost: '20', per: '1', perUnit: 'h', each: 'host', wires: [['end1'], ['end2']] },
      },
      { id: 'end1', z: 'tab1', type: 'helper' },
      { id: 'end2', z: 'tab1', type: 'helper' },
    ],
  );
  const hosts: [unknown[], unknown[]] = [[], []];
  for (const [n, id] of (['end1', 'end2'] as const).entries()) {
    flow.node(id).on('input', ({ payload }) => hosts[n]?.push((payload as { host: string }).host));
  }
  const nowSeconds = Date.now() / 1000;
  const documents = Array.from({ length: 520 }, (_, n) =>
    document(n, { host: n % 26 === 0 ? 'quiet' : 'flood', timestamp: nowSeconds }),
  );
  await until(async () => {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    if (isOpen) socket.end(`${documents.join('\0')}\0`);
    return isOpen;
  });
  await until(() => hosts[0].length + hosts[1].length >= 520);
  const count = (list: unknown[], host: string): number => list.filter((one) => one === host).length;
  assert.deepEqual([count(hosts[0], 'quiet'), count(hosts[0], 'flood')], [20, 20]);
  assert.deepEqual([count(hosts[1], 'quiet'), count(hosts[1], 'flood')], [0, 480]);
});
