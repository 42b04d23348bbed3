// Risk: bodies that are packed arrive otherwise than they were.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { parseEndpoint } from '../../../nodes/graylog-server/endpoint.ts';
import { createTransportFactory } from '../../../nodes/graylog-server/io/transports/factory.ts';
import { deliveryOptions } from '../../../nodes/graylog-server/options.ts';
import { firstArrivals, hasAll, openDelivery } from '../../support/delivery.ts';
import { type Receiver, receiveHttp } from '../../support/graylog.ts';
import { until } from '../../support/until.ts';

interface Request {
  encoding: unknown;
  packedBytes: number;
  unpackedBytes: number;
}

interface HttpGraylog {
  receiver: Receiver;
  requests: Request[];
  /** Bodies that are larger unpacked are answered 413. */
  limitTo(bytes: number): void;
}

async function receive(t: TestContext, bulk: boolean): Promise<HttpGraylog> {
  const requests: Request[] = [];
  let limit = 65_536;
  const receiver = await receiveHttp(t, {
    bulk,
    answer: (_path, headers, unpackedBytes) => {
      const packedBytes = Number(headers['content-length']);
      requests.push({ encoding: headers['content-encoding'], packedBytes, unpackedBytes });
      return unpackedBytes > limit ? 413 : undefined;
    },
  });
  const limitTo = (bytes: number): void => {
    limit = bytes;
  };
  return { receiver, requests, limitTo };
}

function arrivedOnce({ documents, faults }: Receiver, count: number): void {
  assert.deepEqual(
    documents.map(({ _n }) => _n),
    Array.from({ length: count }, (_, n) => n),
  );
  assert.deepEqual(faults, []);
}

for (const [name, bulk, count] of [
  ['one record a request', false, 300],
  ['bulk', true, 20_000],
] as const) {
  test(`over HTTP with gzip, ${name}, every body is packed and the messages arrive once and in order`, async (t) => {
    const { receiver, requests } = await receive(t, bulk);
    const { ship, delivery } = openDelivery(t, {
      url: `http://127.0.0.1:${receiver.port}`,
      config: { bulk, gzip: true },
    });
    await ship(0, count);
    await receiver.until((all) => hasAll(all, count));
    arrivedOnce(receiver, count);
    assert.deepEqual(new Set(requests.map(({ encoding }) => encoding)), new Set(['gzip']));
    for (const { packedBytes, unpackedBytes } of requests) assert.ok(packedBytes < unpackedBytes);
    assert.equal(requests.filter(({ unpackedBytes }) => unpackedBytes > 65_536).length, 0, 'none that Graylog refuses');
    if (bulk)
      assert.ok(
        requests.some(({ unpackedBytes }) => unpackedBytes > 32_768),
        'a body is filled before packing',
      );
    await until(() => delivery.counters.sent === count);
    assert.deepEqual(delivery.counters, { received: count, sent: count, dropped: 0, retried: 0 });
  });
}

test('HTTP 413 to a packed bulk body splits it; a single message that is too large unpacked is refused and counted', async (t) => {
  const { receiver, requests, limitTo } = await receive(t, true);
  limitTo(2_000);
  const { ship, delivery, refused } = openDelivery(t, {
    url: `http://127.0.0.1:${receiver.port}`,
    config: { bulk: true, gzip: true },
  });
  await ship(0, 50);
  await receiver.until((all) => hasAll(all, 50));
  arrivedOnce(receiver, 50);
  assert.ok(requests.some(({ packedBytes, unpackedBytes }) => unpackedBytes > 2_000 && packedBytes < 2_000));
  limitTo(300);
  await ship(50, 51);
  await until(() => delivery.counters.dropped === 1);
  assert.deepEqual(refused, [50]);
  limitTo(65_536);
  await ship(51, 60);
  await receiver.until((all) => all.some(({ _n }) => _n === 59));
  assert.deepEqual(
    firstArrivals(receiver.documents).slice(50),
    Array.from({ length: 9 }, (_, i) => 51 + i),
  );
  assert.deepEqual(receiver.faults, []);
});

test('with gzip chosen a Graylog gets packed bodies', async (t) => {
  const { receiver, requests } = await receive(t, true);
  const security = { tls: () => ({}), authorization: undefined };
  const createTransport = createTransportFactory(deliveryOptions({ gzip: true }), security);
  const transport = createTransport(parseEndpoint(`http://127.0.0.1:${receiver.port}`));
  t.after(() => transport.close());
  const text = '{"version":"1.1","host":"test","short_message":"one","timestamp":1795000000,"level":6}';
  await transport.send({ texts: [text], frame: Buffer.alloc(0) });
  assert.deepEqual(
    requests.map((request) => request.encoding),
    ['gzip'],
  );
  assert.equal(receiver.documents.length, 1);
  assert.deepEqual(receiver.faults, []);
});
