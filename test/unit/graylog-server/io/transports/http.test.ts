import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { errorCode } from '../../../../../lib/errors.ts';
import { type HttpOptions, HttpTransport } from '../../../../../nodes/graylog-server/io/transports/http.ts';
import { explained } from '../../../../support/explained.ts';
import { receiveHttp, receiveTcp } from '../../../../support/graylog.ts';
import { writeEvery } from '../../../../support/pace.ts';

const never = new AbortController().signal;
const NO_FRAME = Buffer.alloc(0);
const document = (n: number): string =>
  JSON.stringify({
    version: '1.1',
    host: 'h',
    short_message: `message ${n}`,
    timestamp: 1_795_000_000,
    level: 6,
    _n: n,
  });
const documents = (count: number) => ({ texts: Array.from({ length: count }, (_, n) => document(n)), frame: NO_FRAME });

async function connectionTo(t: TestContext, port: number, options: Partial<HttpOptions> = {}): Promise<HttpTransport> {
  const endpoint = { protocol: 'http' as const, host: '127.0.0.1', port, path: '/gelf' };
  const transport = new HttpTransport(endpoint, {
    connectTimeoutMs: 10_000,
    answerTimeoutMs: 10_000,
    bulk: false,
    bodyBytes: 65_536,
    gzip: false,
    ...options,
  });
  t.after(() => transport.close());
  await transport.open(never);
  return transport;
}

const numbers = (all: readonly { [field: string]: unknown }[]): unknown[] => all.map(({ _n }) => _n);

test('each document is a request of its own, in order', async (t) => {
  const receiver = await receiveHttp(t);
  const transport = await connectionTo(t, receiver.port);
  assert.equal((await transport.send(documents(3))).sent, 3);
  assert.deepEqual([numbers(receiver.documents), receiver.faults], [[0, 1, 2], []]);
});

test('with bulk many documents are one request, and with gzip it is packed', async (t) => {
  const requests: unknown[] = [];
  const receiver = await receiveHttp(t, {
    bulk: true,
    answer: (_path, headers) => {
      requests.push([headers['content-type'], headers['content-encoding'], headers.authorization]);
      return undefined;
    },
  });
  const transport = await connectionTo(t, receiver.port, { bulk: true, gzip: true, authorization: 'Bearer x' });
  assert.equal((await transport.send(documents(20))).sent, 20);
  assert.deepEqual(requests, [['application/x-ndjson', 'gzip', 'Bearer x']]);
  assert.equal(receiver.documents.length, 20);
});

test('a 413 splits a batch into halves until each fits, and the order stays', async (t) => {
  const sizes: number[] = [];
  const receiver = await receiveHttp(t, {
    bulk: true,
    answer: (_path, _headers, bytes) => {
      sizes.push(bytes);
      return bytes > 300 ? 413 : undefined;
    },
  });
  const transport = await connectionTo(t, receiver.port, { bulk: true });
  assert.equal((await transport.send(documents(8))).sent, 8);
  assert.deepEqual(numbers(receiver.documents), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.ok(sizes.filter((bytes) => bytes > 300).length >= 3, `${sizes}`);
});

test('a document that is refused alone, again and again, while others are taken, is told, and the others go on', async (t) => {
  for (const status of [400, 403, 413, 422]) {
    for (const bulk of [true, false]) {
      const receiver = await receiveHttp(t, {
        bulk,
        answerText: (body) => (body.includes('m'.repeat(2_000)) ? status : undefined),
      });
      const transport = await connectionTo(t, receiver.port, { bulk });
      const large = document(2).replace('message', 'm'.repeat(2_000));
      const texts = [document(0), document(1), large, document(3)];
      const { sent, refused, failure } = await transport.send({ texts, frame: NO_FRAME });
      assert.deepEqual([sent, failure], [4, undefined]);
      assert.deepEqual(
        refused?.map(({ index, error }) => [index, explained(error)]),
        [[2, `HTTP ${status}`]],
      );
      assert.deepEqual(numbers(receiver.documents), [0, 1, 3]);
      assert.equal(transport.lost.aborted, false, 'the connection serves on');
    }
  }
});

test('a server that refuses whatever it is sent is a lost connection, and nothing is told to be refused', async (t) => {
  for (const status of [400, 403, 413, 422]) {
    let requests = 0;
    const receiver = await receiveHttp(t, {
      bulk: true,
      answer: () => {
        requests += 1;
        return status;
      },
    });
    const transport = await connectionTo(t, receiver.port, { bulk: true });
    const { sent, refused, failure } = await transport.send(documents(100));
    assert.deepEqual([sent, refused, explained(failure)], [0, [], `HTTP ${status}`]);
    assert.ok(requests < 40, `${requests} requests`);
  }
});

test('a status other than 202 is a lost connection, and says how many left before it', async (t) => {
  let requests = 0;
  const receiver = await receiveHttp(t, {
    answer: () => {
      requests += 1;
      return requests > 2 ? 503 : undefined;
    },
  });
  const transport = await connectionTo(t, receiver.port);
  const { sent, failure, refused } = await transport.send(documents(5));
  assert.deepEqual([sent, explained(failure), refused], [2, 'HTTP 503', []]);
  assert.equal(transport.lost.reason, failure);
});

test('a server that does not answer in time is a lost connection', async (t) => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  const transport = await connectionTo(t, (server.address() as AddressInfo).port, { answerTimeoutMs: 20 });
  const { sent, failure } = await transport.send(documents(1));
  assert.deepEqual([sent, errorCode(failure)], [0, 'NO_ANSWER']);
});

test('a kept connection that was closed when it is used again is no failure', async (t) => {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume();
    // The second request comes over the connection of the first, which is reset as a server does that gave it up.
    if (requests === 2) request.socket.resetAndDestroy();
    else response.writeHead(202, { 'content-length': 0 }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  const transport = await connectionTo(t, (server.address() as AddressInfo).port);
  assert.equal((await transport.send(documents(2))).sent, 2);
  assert.equal(requests, 3);
});

test('closing ends a request that is under way, and it is not tried again', async (t) => {
  let requests = 0;
  let asked = (): void => undefined;
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const server = createServer((request, response) => {
    requests += 1;
    request.resume();
    if (requests === 1) response.writeHead(202, { 'content-length': 0 }).end();
    else asked();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  const transport = await connectionTo(t, (server.address() as AddressInfo).port);
  const sending = transport.send(documents(2));
  await isAsked;
  await transport.close();
  const { sent, failure } = await sending;
  assert.deepEqual([sent, errorCode(failure), requests], [1, 'CLOSED', 2]);
});

test('a port where nobody listens rejects `open()`', async (t) => {
  const gone = await receiveTcp(t);
  await gone.close();
  await assert.rejects(connectionTo(t, gone.port), { code: 'ECONNREFUSED' });
});

test('an aborted signal rejects `open()`', async () => {
  const endpoint = { protocol: 'http' as const, host: '127.0.0.1', port: 9, path: '/gelf' };
  const limits = { connectTimeoutMs: 10_000, answerTimeoutMs: 10_000 };
  const transport = new HttpTransport(endpoint, { ...limits, bulk: false, bodyBytes: 1, gzip: false });
  await assert.rejects(transport.open(AbortSignal.abort()), { code: 'CLOSED' });
});

// attacks.md, F5: each of them held the delivery up for ever.
const endless: [string, (response: ServerResponse) => void, number][] = [
  ['a 202 whose body never ends', (response) => writeAlways(response.writeHead(202), 'x'.repeat(1_000)), 3],
  ['a 202 that sends a byte now and then', (response) => writeAlways(response.writeHead(202), 'x', 30), 3],
  ['a 202 that stops in its body', (response) => response.writeHead(202, { 'content-length': 1_000 }).write('A'), 3],
  ['endless 100 Continue', (response) => continueAlways(response), 0],
  ['a head that never ends', (response) => void response.socket?.write('HTTP/1.1 202 OK\r\na: '), 0],
];

for (const [name, answer, sent] of endless) {
  test(`${name} holds nothing up`, async (t) => {
    const port = await serve(t, (request, response) => {
      request.resume();
      request.on('end', () => answer(response));
    });
    const transport = await connectionTo(t, port, { answerTimeoutMs: 1_000 });
    const result = await transport.send(documents(3));
    assert.equal(result.sent, sent);
    assert.equal(errorCode(result.failure), sent === 3 ? undefined : 'NO_ANSWER');
  });
}

async function serve(t: TestContext, listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

function writeAlways(response: ServerResponse, text: string, everyMs = 1): void {
  response.on('error', () => undefined);
  response.on(
    'close',
    writeEvery(everyMs, () => response.write(text)),
  );
}

function continueAlways(response: ServerResponse): void {
  response.on(
    'close',
    writeEvery(1, () => response.writeContinue()),
  );
}
