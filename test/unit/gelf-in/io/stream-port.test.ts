// gelf-in's port for TCP and TLS, on real sockets.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connect as connectTls, type TlsOptions } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { Counts } from '../../../../nodes/gelf-in/counts.ts';
import { Intake } from '../../../../nodes/gelf-in/io/intake.ts';
import { type StreamOptions, StreamPort } from '../../../../nodes/gelf-in/io/stream-port.ts';
import { SharedRoom } from '../../../../nodes/gelf-in/shared-room.ts';
import { selfSigned } from '../../../support/certificate.ts';
import { freePort } from '../../../support/ports.ts';
import { until } from '../../../support/until.ts';

interface Opened {
  readonly port: number;
  readonly texts: string[];
  readonly counts: Counts;
  readonly refused: string[];
  readonly stream: StreamPort;
  connect(): Promise<Socket>;
}

async function open(t: TestContext, options: Partial<StreamOptions> = {}): Promise<Opened> {
  const port = await freePort();
  const counts = new Counts();
  const room = new SharedRoom(1_000_000);
  const texts: string[] = [];
  const refused: string[] = [];
  const intake = new Intake({
    ...{ counts, room },
    unpack: (datagram, _sender, use) => use(datagram),
    read: (text) => {
      texts.push(text);
      return 'noObject';
    },
  });
  intake.attach({ isDirect: () => true, perTurn: () => 32, send: () => undefined });
  const stream = new StreamPort({
    ...{ port, address: '127.0.0.1', tls: undefined, mostBytes: 100_000, connections: 5, intake, counts, room },
    ...{ isAllowed: () => true, mayRead: () => undefined, settled: () => Promise.resolve(), lost: () => undefined },
    refused: (kind) => refused.push(kind),
    ...options,
  });
  await stream.open();
  t.after(() => stream.close());
  return {
    ...{ port, texts, counts, refused, stream },
    async connect() {
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      t.after(() => socket.destroy());
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      return socket;
    },
  };
}

/** Whether the other side has ended the connection. */
function ended(socket: Socket): Promise<unknown> {
  socket.resume();
  return Promise.race([once(socket, 'end'), new Promise((resolve) => socket.once('close', resolve))]);
}

for (const kind of ['tcp', 'tls'] as const) {
  test(`over ${kind} the end of a sender is answered only once everything before it is safe`, async (t) => {
    let isSafe: () => void = () => undefined;
    const settled = new Promise<void>((resolve) => {
      isSafe = resolve;
    });
    let asked = 0;
    const { cert, key } = selfSigned();
    const tls: TlsOptions | undefined = kind === 'tls' ? { cert, key } : undefined;
    const { port, texts } = await open(t, {
      tls,
      settled: () => {
        asked += 1;
        return settled;
      },
    });
    const raw = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const socket = kind === 'tls' ? connectTls({ socket: raw, ca: cert, host: '127.0.0.1' }) : raw;
    t.after(() => raw.destroy());
    let isEnded = false;
    socket.resume().on('end', () => {
      isEnded = true;
    });
    socket.end(Buffer.concat([Buffer.from('{"a":1}\0{"b":"'), Buffer.from('ü'.repeat(9)), Buffer.from('"}')]));
    await until(() => asked === 1);
    assert.deepEqual(texts, ['{"a":1}', `{"b":"${'ü'.repeat(9)}"}`]);
    assert.equal(isEnded, false);
    isSafe();
    await until(() => isEnded);
  });
}

test('where nothing can be said to be safe the connection is reset: its sender sends again', async (t) => {
  const { connect: join } = await open(t, { settled: () => Promise.reject(new Error('closed')) });
  const socket = await join();
  socket.end('{"a":1}\0');
  await ended(socket);
});

test('a connection is not read while it may not be, and is read on then', async (t) => {
  const held: (() => void)[] = [];
  let isHeld = true;
  const { connect: join, texts } = await open(t, {
    mayRead: () => (isHeld ? new Promise<void>((resolve) => void held.push(resolve)) : undefined),
  });
  const socket = await join();
  socket.write('{"a":1}\0');
  await until(() => held.length === 1);
  socket.write('{"a":2}\0');
  assert.equal(texts.length, 1);
  isHeld = false;
  held[0]?.();
  await until(() => texts.length === 2);
});

test('what is no GELF is told apart, said, and ended', async (t) => {
  const { connect: join, refused, counts } = await open(t);
  for (const bytes of [gzipSync('{}'), Buffer.from([0x16, 3, 1, 0, 9]), Buffer.from('GET / HTTP/1.1\r\n\r\n')]) {
    const socket = await join();
    socket.write(bytes);
    await ended(socket);
  }
  assert.deepEqual(refused, ['compressed', 'tls', 'http']);
  assert.equal(counts.dropped, 3);
});

test('connections have a limit, and one that closes makes room; one without a byte is no event', async (t) => {
  const { connect: join, refused, counts, stream } = await open(t, { connections: 2 });
  const [first] = [await join(), await join()];
  await until(() => stream.connections === 2);
  await ended(await join());
  assert.deepEqual(refused, ['limit']);
  first?.destroy();
  await until(() => stream.connections === 1);
  const again = await join();
  await until(() => stream.connections === 2);
  again.destroy();
  assert.deepEqual([counts.dropped, counts.received], [0, 0]);
});

test('a frame that is too large is skipped and counted, and the connection goes on', async (t) => {
  const { connect: join, texts, counts } = await open(t);
  const socket = await join();
  socket.write(`${JSON.stringify({ a: 'x'.repeat(300_000) })}\0{"a":1}\0`);
  await until(() => texts.length === 1);
  assert.deepEqual(texts, ['{"a":1}']);
  assert.ok(counts.takeUntold().some(({ reason, count }) => reason === 'tooLarge' && count === 1));
});

test('who is not allowed is not read', async (t) => {
  const { connect: join, texts } = await open(t, { isAllowed: () => false });
  const socket = await join();
  socket.write('{"a":1}\0');
  await ended(socket);
  assert.deepEqual(texts, []);
});
