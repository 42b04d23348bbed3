import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { bindEither } from '../../../../nodes/gelf-in/io/bind.ts';
import { ParkedReceivers } from '../../../../nodes/gelf-in/io/parked.ts';
import { type Client, Receiver } from '../../../../nodes/gelf-in/io/receiver.ts';
import { type GelfInProperties, readSettings, type Settings } from '../../../../nodes/gelf-in/settings.ts';
import { freePort } from '../../../support/ports.ts';
import { until } from '../../../support/until.ts';

const DOCUMENT = (n: number): string => JSON.stringify({ host: 'web1', short_message: `line ${n}` });

function client(isSafe = (): Promise<boolean> => Promise.resolve(true)) {
  const messages: unknown[] = [];
  const said: string[] = [];
  const one: Client = {
    isDirect: () => true,
    perTurn: () => 32,
    send: ({ payload }) => void messages.push(payload.message),
    settled: isSafe,
    opened: (at) => void said.push(`opened ${at}`),
    failed: (_error, owner) => void said.push(`failed ${owner}`),
    notice: (kind) => void said.push(kind),
  };
  return { messages, said, client: one };
}

async function receiver(t: TestContext, properties: Partial<GelfInProperties>) {
  const port = properties.port ?? String(await freePort());
  const settings = readSettings({ address: '127.0.0.1', ...properties, port }) as Settings;
  const made = new Receiver({ settings, relay: 'relay1', tls: undefined });
  t.after(() => made.close());
  return { port: Number(port), receiver: made };
}

function post(port: number): Promise<[status: number, retryAfter: string | undefined]> {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path: '/gelf', method: 'POST' }, (answer) => {
      answer.resume();
      resolve([answer.statusCode ?? 0, answer.headers['retry-after']]);
    })
      .on('error', reject)
      .end(DOCUMENT(1));
  });
}

test('while a server behind has no room, HTTP is asked to come again', async (t) => {
  const { port, receiver: one } = await receiver(t, { transport: 'http' });
  const { client: node, messages, said } = client();
  one.attach(node);
  await until(() => said.length > 0);
  one.press(true);
  assert.deepEqual(await post(port), [503, '5']);
  one.press(false);
  assert.deepEqual(await post(port), [202, undefined]);
  assert.deepEqual(messages, ['line 1']);
});

test('TCP is held back for the time that is set, and read again then, or as soon as there is room', async (t) => {
  const { port, receiver: one } = await receiver(t, { transport: 'tcp', holdSeconds: '1' });
  const { client: node, messages, said } = client();
  one.attach(node);
  await until(() => said.length > 0);
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  one.press(true);
  socket.write(`${DOCUMENT(1)}\0`);
  await until(() => messages.length === 1);
  socket.write(`${DOCUMENT(2)}\0`);
  assert.equal(one.isOverdue, false);
  await until(() => messages.length === 2);
  assert.equal(one.isOverdue, true);
  one.press(false);
  assert.equal(one.isOverdue, false);
  one.press(true);
  socket.write(`${DOCUMENT(3)}\0`);
  await until(() => messages.length === 3);
  socket.write(`${DOCUMENT(4)}\0`);
  one.press(false);
  await until(() => messages.length === 4);
});

test('a port that is taken is told with who has it, and nothing is thrown', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => taken.close());
  const { port } = taken.address() as { port: number };
  const { receiver: one } = await receiver(t, { transport: 'tcp', port: String(port) });
  const { client: node, said } = client();
  one.attach(node);
  await until(() => said.length > 0);
  assert.deepEqual(said, [process.platform === 'linux' ? 'failed self' : 'failed undefined']);
});

test('between two nodes of the same settings ports and senders stay, and what comes waits; other settings close them', async (t) => {
  const parked = new ParkedReceivers();
  const { port, receiver: one } = await receiver(t, { transport: 'tcp' });
  const [first, second] = [client(), client()];
  one.attach(first.client);
  await until(() => first.said.length > 0);
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  t.after(() => socket.destroy());
  socket.write(`${DOCUMENT(1)}\0`);
  await until(() => first.messages.length === 1);
  one.detach();
  parked.park('n1', 'a', one);
  let isEnded = false;
  socket.on('end', () => {
    isEnded = true;
  });
  socket.resume().end(`${DOCUMENT(2)}\0`);
  assert.equal(parked.take('n1', 'a'), one);
  assert.equal(parked.take('n1', 'a'), undefined);
  one.attach(second.client);
  await until(() => second.messages.length === 1 && isEnded);
  assert.deepEqual([first.messages, second.messages], [['line 1'], ['line 2']]);
  one.detach();
  parked.park('n1', 'a', one);
  assert.equal(parked.take('n1', 'b'), undefined);
  await parked.closed();
  const free = createServer().listen(port, '127.0.0.1');
  await once(free, 'listening');
  free.close();
});

test('an end is not answered by the word of a node that ended before it knew', async (t) => {
  const { port, receiver: one } = await receiver(t, { transport: 'tcp' });
  const ends: ((isSafe: boolean) => void)[] = [];
  const [first, second] = [client(() => new Promise((resolve) => void ends.push(resolve))), client()];
  one.attach(first.client);
  await until(() => first.said.length > 0);
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  t.after(() => socket.destroy());
  let isEnded = false;
  socket.on('end', () => {
    isEnded = true;
  });
  socket.resume().end(`${DOCUMENT(1)}\0`);
  await until(() => ends.length === 1);
  one.detach();
  ends[0]?.(false);
  assert.equal(isEnded, false);
  one.attach(second.client);
  await until(() => isEnded);
});

test('all addresses are those of both kinds, or of IPv4 where the system has no other', async () => {
  const tried: string[] = [];
  const open = (host: string): Promise<string> => {
    tried.push(host);
    return host === '::' ? Promise.reject(Object.assign(new Error(), { code: 'EAFNOSUPPORT' })) : Promise.resolve(host);
  };
  assert.deepEqual(await bindEither(undefined, open), { opened: '0.0.0.0', at: '0.0.0.0' });
  assert.deepEqual(await bindEither('192.0.2.1', open), { opened: '192.0.2.1', at: '192.0.2.1' });
  assert.deepEqual(tried, ['::', '0.0.0.0', '192.0.2.1']);
  const taken = (): Promise<string> => Promise.reject(Object.assign(new Error(), { code: 'EADDRINUSE' }));
  await assert.rejects(bindEither(undefined, taken), { code: 'EADDRINUSE' });
});
