// gelf-in's port for HTTP, on real sockets: what senders write by hand, and what is no request.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { Counts } from '../../../../nodes/gelf-in/counts.ts';
import { HttpPort } from '../../../../nodes/gelf-in/io/http-port.ts';
import { Intake } from '../../../../nodes/gelf-in/io/intake.ts';
import { SharedRoom } from '../../../../nodes/gelf-in/shared-room.ts';
import { freePort } from '../../../support/ports.ts';
import { until } from '../../../support/until.ts';

const MOST_BYTES = 10_000;

async function open(t: TestContext) {
  const port = await freePort();
  const [counts, room, texts] = [new Counts(), new SharedRoom(1_000_000), [] as string[]];
  const intake = new Intake({
    ...{ counts, room },
    unpack: (datagram, _sender, use) => use(datagram),
    read: (text) => {
      texts.push(text.trim());
      return 'noObject';
    },
  });
  intake.attach({ isDirect: () => true, perTurn: () => 32, send: () => undefined });
  const http = new HttpPort({
    ...{ port, address: '127.0.0.1', tls: undefined, mostBytes: MOST_BYTES, connections: 50, intake, counts, room },
    ...{ isAllowed: () => true, isFull: () => false, settled: () => Promise.resolve(), lost: () => undefined },
    refused: () => undefined,
  });
  await http.open();
  t.after(() => http.close());
  /** Writes bytes, and gives the statuses of the answers once there are so many, or the connection has ended. */
  const exchange = async (bytes: string | Buffer, answers = 1): Promise<number[]> => {
    const socket: Socket = connect({ port, host: '127.0.0.1' });
    t.after(() => socket.destroy());
    let text = '';
    let isOver = false;
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      isOver = true;
    });
    await once(socket, 'connect');
    socket.write(bytes);
    const statuses = (): number[] => [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));
    await until(() => isOver || statuses().length >= answers);
    socket.destroy();
    return statuses();
  };
  return { exchange, texts, counts, http };
}

const post = (body: string | Buffer, ...headers: string[]): Buffer =>
  Buffer.concat([
    Buffer.from(
      ['POST /gelf HTTP/1.1', 'Host: x', `Content-Length: ${Buffer.byteLength(body)}`, ...headers, '', ''].join('\r\n'),
    ),
    Buffer.from(body),
  ]);

test('requests in a row, in pieces, and with an expectation are answered in order', async (t) => {
  const { exchange, texts } = await open(t);
  const chunked =
    'POST /gelf HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"c\r\n4\r\n":1}\r\n0\r\n\r\n';
  const wrong = 'GET /gelf HTTP/1.1\r\nHost: x\r\n\r\n';
  const all = Buffer.concat([
    post('{"a":1}'),
    post('{"b":1}'),
    Buffer.from(chunked),
    Buffer.from(wrong),
    post('{"d":1}'),
  ]);
  assert.deepEqual(await exchange(all, 5), [202, 202, 202, 405, 202]);
  assert.deepEqual(texts, ['{"a":1}', '{"b":1}', '{"c":1}', '{"d":1}']);
  assert.deepEqual(await exchange(post('{"e":1}', 'Expect: 100-continue'), 2), [100, 202]);
  assert.deepEqual(await exchange(post('{"f":1}', 'Expect: the best')), [417]);
});

test('a bulk with empty lines, any line ends and one document over lines is cut as it is meant', async (t) => {
  const { exchange, texts } = await open(t);
  assert.deepEqual(await exchange(post('\r\n\n{"a":1}\r\n\r\n \t\n{"b":\n1}\n\0\n{"c":1}\0\0{"d":1}')), [202]);
  assert.deepEqual(texts, ['{"a":1}', '{"b":\n1}', '{"c":1}', '{"d":1}']);
  assert.deepEqual(await exchange(post('')), [202]);
});

test('bodies are unpacked by their encoding, however it is written; one that nobody knows is refused', async (t) => {
  const { exchange, texts, counts } = await open(t);
  const text = '{"a":1}';
  for (const [encoding, body] of [
    ['gzip', gzipSync(text)],
    ['GZIP', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['Deflate', deflateRawSync(text)],
    ['identity', text],
    ['', text],
  ] as const)
    assert.deepEqual(await exchange(post(body, `Content-Encoding: ${encoding}`)), [202], encoding);
  assert.deepEqual(texts, Array<string>(7).fill(text));
  for (const encoding of ['br', 'gzip, gzip', 'constructor', 'toString', '__proto__', 'valueOf'])
    assert.deepEqual(await exchange(post(text, `Content-Encoding: ${encoding}`)), [415], encoding);
  assert.deepEqual(await exchange(post(text, 'Content-Encoding: gzip')), [400]);
  assert.deepEqual(await exchange(post(gzipSync(Buffer.alloc(1_000_000)), 'Content-Encoding: gzip')), [413]);
  assert.deepEqual(await exchange(post(deflateRawSync(Buffer.alloc(1_000_000)), 'Content-Encoding: deflate')), [413]);
  assert.equal(counts.dropped - texts.length, 3);
});

test('what is no request, or contradicts itself, ends its connection only', async (t) => {
  const { exchange, texts, http } = await open(t);
  for (const bytes of [
    Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]),
    '{"a":1}\0',
    'POST /gelf HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST /gelf HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n',
    'POST /gelf HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    `POST /gelf HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(20_000)}\r\n`,
    'CONNECT /gelf HTTP/1.1\r\nHost: x\r\n\r\n',
  ]) {
    const statuses = await exchange(bytes);
    assert.ok(statuses.length === 0 || (statuses[0] as number) >= 400, String(bytes).slice(0, 60));
  }
  const large = `POST /gelf HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${'fff\r\n'.padEnd(5 + 4_095, 'x')}\r\n`;
  assert.deepEqual(
    await exchange(
      large +
        'fff\r\n'
          .padEnd(5 + 4_095, 'x')
          .concat('\r\n')
          .repeat(3),
    ),
    [413],
  );
  await until(() => http.connections === 0);
  assert.deepEqual(await exchange(post('{"a":1}')), [202]);
  assert.deepEqual(texts, ['{"a":1}']);
});
