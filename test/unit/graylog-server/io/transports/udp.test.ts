import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { errorCode } from '../../../../../lib/errors.ts';
import { Resolver } from '../../../../../lib/io/resolver.ts';
import { type UdpOptions, UdpTransport } from '../../../../../nodes/graylog-server/io/transports/udp.ts';
import { explained } from '../../../../support/explained.ts';
import { receiveUdp } from '../../../../support/graylog.ts';

const never = new AbortController().signal;
const NO_FRAME = Buffer.alloc(0);
const resolve = (name: string) => new Resolver().resolve(name);
const document = (n: number, message = `message ${n}`): string =>
  JSON.stringify({ version: '1.1', host: 'h', short_message: message, timestamp: 1_795_000_000, level: 6, _n: n });

async function connectionTo(t: TestContext, port: number, options: Partial<UdpOptions> = {}): Promise<UdpTransport> {
  const endpoint = { protocol: 'udp' as const, host: '127.0.0.1', port, path: '' };
  const transport = new UdpTransport(endpoint, {
    compression: 'none',
    chunkBytes: 512,
    datagramsPerMs: 8,
    resolve,
    ...options,
  });
  t.after(() => transport.close());
  await transport.open(never);
  return transport;
}

for (const compression of ['gzip', 'zlib', 'none'] as const) {
  test(`messages arrive in order, packing ${compression}, small ones in one datagram and large ones in chunks`, async (t) => {
    const receiver = await receiveUdp(t);
    const transport = await connectionTo(t, receiver.port, { compression });
    const noise = Array.from({ length: 3_000 }, (_, i) => String.fromCharCode(33 + ((i * i * 31) % 89))).join('');
    const texts = [document(0), document(1, noise), document(2, 'x'.repeat(30_000))];
    assert.equal((await transport.send({ texts, frame: NO_FRAME })).sent, 3);
    const documents = await receiver.until((all) => all.length === 3);
    assert.deepEqual(
      documents.map(({ _n }) => _n),
      [0, 1, 2],
    );
    assert.equal(documents[1]?.short_message, noise);
    assert.deepEqual(receiver.faults, []);
  });
}

test('a message of more than 128 chunks is refused, and the others go on', async (t) => {
  const receiver = await receiveUdp(t);
  const transport = await connectionTo(t, receiver.port);
  const texts = [document(0), document(1, 'x'.repeat(128 * 500)), document(2)];
  const { sent, refused, failure } = await transport.send({ texts, frame: NO_FRAME });
  assert.deepEqual([sent, failure, refused?.map(({ index }) => index)], [3, undefined, [1]]);
  assert.match(explained(refused?.[0]?.error), /^\d+ bytes need 129 chunks, 128 are allowed$/);
  assert.equal(transport.lost.aborted, false);
  await receiver.until((all) => all.length === 2);
});

test('a network that cannot be reached rejects `open()`', async () => {
  // 255.255.255.255 is for sockets that asked for it: the system refuses the connect as it does one without a route.
  const endpoint = { protocol: 'udp' as const, host: '255.255.255.255', port: 9, path: '' };
  const transport = new UdpTransport(endpoint, { compression: 'none', chunkBytes: 512, datagramsPerMs: 8, resolve });
  await assert.rejects(transport.open(never), { code: 'EACCES' });
  await transport.close();
});

test('a port where nobody listens is a lost connection once its host has said so', async (t) => {
  const gone = await receiveUdp(t);
  await gone.close();
  const transport = await connectionTo(t, gone.port);
  await transport.send({ texts: [document(0)], frame: NO_FRAME });
  if (!transport.lost.aborted) await once(transport.lost, 'abort');
  assert.equal(errorCode(transport.lost.reason), 'ECONNREFUSED');
});

test('an aborted signal rejects `open()` without waiting for the name server', async () => {
  const endpoint = { protocol: 'udp' as const, host: 'localhost', port: 9, path: '' };
  const transport = new UdpTransport(endpoint, { compression: 'none', chunkBytes: 512, datagramsPerMs: 8, resolve });
  await assert.rejects(transport.open(AbortSignal.abort()), { code: 'CLOSED' });
  assert.deepEqual(await transport.close(), { isRead: true });
});

test('what is sent over a connection that is closed has not left', async (t) => {
  const receiver = await receiveUdp(t);
  const transport = await connectionTo(t, receiver.port);
  assert.deepEqual(await transport.close(), { isRead: true });
  assert.deepEqual(await transport.close(), { isRead: true });
  const { sent, failure } = await transport.send({ texts: [document(0)], frame: NO_FRAME });
  assert.equal(sent, 0);
  assert.equal(errorCode(failure), 'ERR_SOCKET_DGRAM_NOT_RUNNING');
});
