// Risk: a broker and the Graylog behind it are each killed while records flow.

// It needs a Graylog where inputs may be made, GRAYLOG_URL=http://name:password@host:9000, the OpenSearch that it writes to,
// OPENSEARCH_URL, and a command that kills and restarts Graylog, GRAYLOG_RESTART.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { openDelivery } from '../../support/delivery.ts';
import { gap } from '../../support/pace.ts';
import { type Broker, rabbitmq, startBroker } from '../../support/rabbitmq.ts';
import { until } from '../../support/until.ts';

const { GRAYLOG_URL = '', GRAYLOG_RESTART = 'true', OPENSEARCH_URL = '' } = process.env;
const skip =
  rabbitmq.skip ||
  ((GRAYLOG_URL === '' || OPENSEARCH_URL === '') &&
    'on request only: GRAYLOG_URL and OPENSEARCH_URL name no disposable Graylog');
const QUEUE = `fleet-${process.pid}`;
const MINUTE_MS = 60_000;
const run = promisify(execFile);

/** Asks Graylog's REST API. */
async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const url = new URL(GRAYLOG_URL);
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const response = await fetch(`${url.origin}/api/${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(login).toString('base64')}`,
      accept: 'application/json',
      'content-type': 'application/json',
      'x-requested-by': 'test',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** The queue is declared by Graylog as its dialog proposes: durable, without an exchange. */
async function startInput(t: TestContext, broker: Broker): Promise<void> {
  const { id } = await ask<{ id: string }>('POST', 'system/inputs', {
    title: QUEUE,
    type: 'org.graylog2.inputs.gelf.amqp.GELFAMQPInput',
    global: true,
    configuration: {
      broker_hostname: '127.0.0.1',
      broker_port: broker.port,
      broker_vhost: '/',
      broker_username: 'guest',
      broker_password: { set_value: 'guest' },
      prefetch: 100,
      queue: QUEUE,
      exchange: 'unused',
      exchange_bind: false,
      routing_key: '#',
      parallel_queues: 1,
      heartbeat: 60,
      tls: false,
      requeue_invalid_messages: true,
      connection_recovery_interval: 5,
      throttling_allowed: false,
      decompress_size_limit: 8_388_608,
    },
  });
  t.after(() => ask('DELETE', `system/inputs/${id}`).then(() => undefined));
}

/** OpenSearch gives no more than 10,000 documents to one question. */
const STEP = 2_000;
const CONFIRMED_AHEAD = 100;

interface Hits {
  readonly hits: { readonly hits: readonly { readonly _source: { readonly fleet_n: number } }[] };
}

/** The numbers of the messages of this run that Graylog has stored, with those that it has twice. */
async function stored(mark: string, count: number): Promise<number[]> {
  const numbers: number[] = [];
  for (let from = 0; from < count; from += STEP) {
    const filter = [{ term: { fleet_run: mark } }, { range: { fleet_n: { gte: from, lt: from + STEP } } }];
    const response = await fetch(`${OPENSEARCH_URL}/_search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ size: 10_000, _source: ['fleet_n'], query: { bool: { filter } } }),
    });
    const { hits } = (await response.json()) as Hits;
    numbers.push(...hits.hits.map(({ _source }) => _source.fleet_n));
  }
  return numbers;
}

test('broker and Graylog are each killed under load: nothing is lost but what Graylog had confirmed too early', {
  skip,
  timeout: 25 * MINUTE_MS,
}, async (t) => {
  const broker = await startBroker(t);
  await startInput(t, broker);
  await until(() => broker.control('list_queues', 'name').includes(QUEUE), MINUTE_MS);
  const { delivery, states } = openDelivery(t, { url: broker.address, config: { routingKey: QUEUE } });
  const mark = `m${Date.now()}`;
  let shipped = 0;
  let isLoading = true;
  const loading = (async () => {
    for (; isLoading; await gap(100)) {
      for (let end = shipped + 10; shipped < end; shipped += 1) {
        const fields = { short_message: `record ${shipped}`, host: 'fleet', timestamp: Date.now() / 1000, level: 6 };
        delivery.shipFields(
          { ...fields, event_id: `${mark}-${shipped}`, fleet_run: mark, fleet_n: shipped },
          undefined,
          () => undefined,
        );
      }
    }
  })();
  const different = async (): Promise<number> => new Set(await stored(mark, shipped)).size;
  await until(async () => (await different()) > 500, 5 * MINUTE_MS);
  const restarted = run('sh', ['-c', GRAYLOG_RESTART]);
  const atKill = shipped;
  await until(() => shipped > atKill + 500);
  await broker.kill();
  await until(() => states.at(-1)?.state === 'away', MINUTE_MS);
  await broker.start();
  await until(() => states.at(-1)?.state === 'connected', MINUTE_MS);
  isLoading = false;
  await loading;
  await until(() => delivery.counters.sent === shipped, 2 * MINUTE_MS);
  await restarted;
  await until(async () => (await different()) === shipped, 10 * MINUTE_MS).catch(() => undefined);
  const numbers = await stored(mark, shipped);
  const twice = numbers.length - new Set(numbers).size;
  const had = new Set(numbers);
  const missing = Array.from({ length: shipped }, (_, n) => n).filter((n) => !had.has(n));
  t.diagnostic(`${shipped} records, ${missing.length} lost (${missing.join()}), ${twice} twice`);
  // Graylog confirms to the broker before it writes its journal: its kill costs what it had in between, and nothing else is lost.
  assert.ok(missing.every((n) => Math.abs(n - atKill) < CONFIRMED_AHEAD) && missing.length < CONFIRMED_AHEAD);
});
