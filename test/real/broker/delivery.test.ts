// Risk: a broker between this host and Graylog that dies, is full, or does not want what it gets.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { errorCode, MonitoringError } from '../../../lib/errors.ts';
import { type Endpoint, parseEndpoint } from '../../../nodes/graylog-server/endpoint.ts';
import { createTransportFactory } from '../../../nodes/graylog-server/io/transports/factory.ts';
import type { SendResult } from '../../../nodes/graylog-server/io/transports/transport.ts';
import { type DeliveryConfig, deliveryOptions } from '../../../nodes/graylog-server/options.ts';
import { createAuthority, selfSigned } from '../../support/certificate.ts';
import { openDelivery } from '../../support/delivery.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { gap } from '../../support/pace.ts';
import { freePort } from '../../support/ports.ts';
import { type Broker, rabbitmq, startBroker } from '../../support/rabbitmq.ts';
import { until } from '../../support/until.ts';

const QUEUE = 'log-messages';
const LARGEST = 200_000;
const never = new AbortController().signal;
/** All tests share one, which lives as long as their process. */
let broker: Broker;
let ca: string;
const ends: (() => Promise<void>)[] = [];

before(async () => {
  if (rabbitmq.skip !== false) return;
  const authority = createAuthority();
  ca = authority.cert;
  broker = await startBroker(
    { after: (end: () => Promise<void>) => ends.push(end) },
    { certificate: authority.issue('DNS:localhost'), config: [`max_message_size = ${LARGEST}`] },
  );
  await broker.declare(QUEUE);
  broker.control('add_user', 'reader', 'p@ss/word');
  broker.control('set_permissions', 'reader', '', '', '.*');
  broker.control('add_vhost', 'a/b');
});

after(async () => {
  for (const end of ends) await end();
});

const factory = (config: DeliveryConfig, trusted = ca) =>
  createTransportFactory(deliveryOptions(config), { tls: () => ({ ca: trusted }), authorization: undefined });

const isNoVhost = (error: unknown): boolean =>
  error instanceof MonitoringError && error.code === 'NO_VHOST' && error.values.vhost === 'a/b';

const documents = (count: number) => ({
  texts: Array.from({ length: count }, (_, n) => JSON.stringify({ short_message: `message ${n} ü`, n })),
  frame: Buffer.alloc(0),
});

/** Sends some documents over a connection of its own. Rejects where it does not open. */
async function sendOnce(endpoint: Endpoint | string, config: DeliveryConfig = {}, count = 3): Promise<SendResult> {
  const transport = factory(config)(typeof endpoint === 'string' ? parseEndpoint(endpoint) : endpoint);
  try {
    await transport.open(never);
    return await transport.send(documents(count));
  } finally {
    await transport.close();
  }
}

const at = (port: number, rest = '', login = ''): string => `amqp://${login}127.0.0.1:${port}${rest}`;

test(
  'each document is one message, persistent, in order; what the broker confirmed is in the queue',
  rabbitmq,
  async () => {
    const sent = await sendOnce(broker.address, {}, 50);
    assert.deepEqual([sent.sent, sent.failure, sent.refused], [50, undefined, []]);
    const messages = await broker.drain(QUEUE);
    assert.deepEqual(
      messages.map(({ body }) => JSON.parse(body)),
      documents(50).texts.map((text) => JSON.parse(text)),
    );
    assert.ok(messages.every(({ isPersistent, contentType }) => isPersistent && contentType === 'application/json'));
  },
);

test('over TLS the certificate is checked, and a virtual host with a slash is opened', rabbitmq, async () => {
  assert.equal((await sendOnce(`amqps://localhost:${broker.tlsPort}`)).sent, 3);
  await broker.drain(QUEUE);
  const strange = createTransportFactory(deliveryOptions({}), {
    tls: () => ({ ca: selfSigned().cert }),
    authorization: undefined,
  })(parseEndpoint(`amqps://localhost:${broker.tlsPort}`));
  await assert.rejects(strange.open(never), ({ code }: NodeJS.ErrnoException) =>
    /SIGNATURE|ISSUER|SELF_SIGNED/.test(String(code)),
  );
  await assert.rejects(sendOnce(at(broker.port, '/a%2Fb')), isNoVhost);
  broker.control('set_permissions', '-p', 'a/b', 'guest', '.*', '.*', '.*');
  await assert.rejects(sendOnce(at(broker.port, '/a%2Fb')), { code: 'NO_QUEUE' });
});

/** What is wrong, and the code that says so; `RESULT` where it is found out by the first record. */
const wrong: [string, () => Promise<SendResult>, string][] = [
  ['no queue of this name', () => sendOnce(broker.address, { routingKey: 'none' }), 'NO_QUEUE'],
  ['no exchange of this name', () => sendOnce(broker.address, { exchange: 'none' }), 'NO_EXCHANGE'],
  ['an exchange without a queue', () => sendOnce(broker.address, { exchange: 'amq.topic' }), 'NOT_ROUTED'],
  ['no virtual host of this name', () => sendOnce(at(broker.port, '/none')), 'NO_VHOST'],
  ['a wrong password', () => sendOnce(at(broker.port, '', 'reader:x@')), 'BROKER_LOGIN'],
  ['a user who may only read', () => sendOnce(at(broker.port, '', 'reader:p%40ss%2Fword@')), 'BROKER_FORBIDDEN'],
  ['nobody listens', async () => sendOnce(at(await freePort())), 'ECONNREFUSED'],
  ['a port for TLS', () => sendOnce(at(broker.tlsPort)), 'PEER_WANTS_TLS'],
  ['a port without TLS', () => sendOnce(`amqps://127.0.0.1:${broker.port}`), 'TLS_NOT_SPOKEN'],
];

for (const [name, send, code] of wrong) {
  test(`${name}: ${code}`, rabbitmq, async () => {
    const { failure, sent } = await send().catch((error): SendResult => ({ sent: 0, failure: error }));
    assert.deepEqual([errorCode(failure), sent], [code, 0]);
    if (failure instanceof MonitoringError) assert.ok(!JSON.stringify(failure.values).includes('ss/word'));
  });
}

test('a web server is told from a broker', rabbitmq, async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  await assert.rejects(sendOnce(at(port)), { code: 'PEER_SPEAKS_HTTP' });
});

test('a full queue refuses: what it did not take is not delivered', rabbitmq, async (t) => {
  await broker.declare('small', { maxLength: 5, overflow: 'reject-publish' });
  const { failure, sent } = await sendOnce(broker.address, { routingKey: 'small' }, 40);
  assert.equal(errorCode(failure), 'BROKER_QUEUE_FULL');
  const kept = await broker.drain('small');
  assert.ok(sent <= kept.length, `${sent} of ${kept.length}`);
  t.diagnostic(`${sent} confirmed, ${kept.length} kept`);
});

test(
  'a broker without memory blocks: it is said at once, another one takes over, and nothing is lost',
  rabbitmq,
  async (t) => {
    const other = await receiveTcp(t);
    await broker.drain(QUEUE);
    broker.control('set_vm_memory_high_watermark', '0.000001');
    const { delivery, ship, states } = openDelivery(t, {
      url: `${broker.address},tcp://127.0.0.1:${other.port}`,
      returnMs: 500,
    });
    await ship(0, 100);
    await other.until((all) => new Set(all.map(({ _n }) => _n)).size === 100);
    assert.ok(states.some(({ state, error }) => state === 'away' && errorCode(error) === 'BROKER_BLOCKED'));
    broker.control('set_vm_memory_high_watermark', '0.9');
    // The way back is taken with a batch: records must come.
    let shipped = 100;
    await until(async () => {
      await ship(shipped, shipped + 1);
      shipped += 1;
      await gap(20);
      return states.at(-1)?.endpoint.startsWith('amqp') === true && states.at(-1)?.state === 'connected';
    }, 30_000);
    await until(() => delivery.counters.sent === shipped, 30_000);
    const numbers = [
      ...(await broker.drain(QUEUE)).map(({ body }) => JSON.parse(body)._n),
      ...other.documents.map(({ _n }) => _n),
    ];
    assert.equal(new Set(numbers).size, shipped);
  },
);

test('a broker that is killed under load and started again has every record: 0 lost', {
  ...rabbitmq,
  timeout: 120_000,
}, async (t) => {
  await broker.drain(QUEUE);
  const { delivery, ship, states } = openDelivery(t, { url: broker.address });
  let shipped = 0;
  let isLoading = true;
  const loading = (async () => {
    while (isLoading) {
      await ship(shipped, shipped + 10);
      shipped += 10;
      await gap(10);
    }
  })();
  await until(() => delivery.counters.sent > 1_000, 30_000);
  await broker.kill();
  await until(() => states.at(-1)?.state === 'away');
  await broker.start();
  await until(() => states.at(-1)?.state === 'connected', 60_000);
  isLoading = false;
  await loading;
  await until(() => delivery.counters.sent === shipped, 60_000);
  const numbers = (await broker.drain(QUEUE)).map(({ body }) => Number(JSON.parse(body)._n));
  assert.equal(new Set(numbers).size, shipped);
  t.diagnostic(`${shipped} records, ${numbers.length - shipped} of them twice`);
});

test('a document beyond what the broker takes is set aside, and the others go on', rabbitmq, async (t) => {
  await broker.drain(QUEUE);
  const { delivery, ship, storage } = openDelivery(t, { url: broker.address });
  const large = { short_message: 'x'.repeat(LARGEST), host: 'test', timestamp: 1, level: 6 };
  delivery.shipFields(large, undefined, () => undefined);
  await ship(0, 20);
  await until(() => delivery.counters.sent === 20, 30_000);
  assert.equal(delivery.counters.dropped, 1);
  await until(() => storage.includes('refused'));
  assert.equal((await broker.drain(QUEUE)).length, 20);
});
