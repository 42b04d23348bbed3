import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { withPort } from '../../../../../nodes/graylog-server/endpoint.ts';
import { Delivery, type DeliverySettings } from '../../../../../nodes/graylog-server/io/ship/delivery.ts';
import { deliveryOptions } from '../../../../../nodes/graylog-server/options.ts';
import { temporaryFolder } from '../../../../support/folder.ts';
import { endpointsNamed, MemoryTransport } from '../../../../support/transport.ts';

interface TestDelivery {
  readonly delivery: Delivery;
  /** The transport of each port. */
  readonly transports: Map<number, MemoryTransport>;
  /** Ships a document. Resolves when it is sent or kept, or dropped as a repeat. */
  ship(document: string, eventId?: string, port?: number): Promise<void>;
}

function openDelivery(t: TestContext, userDir: string, settings: Partial<DeliverySettings> = {}): TestDelivery {
  const transports = new Map<number, MemoryTransport>();
  const delivery = new Delivery({
    userDir,
    id: 'test',
    options: deliveryOptions({}),
    endpoints: (port) => withPort(endpointsNamed('a'), port),
    createTransport: ({ port }) => {
      const transport = new MemoryTransport();
      transports.set(port, transport);
      return transport;
    },
    onState: () => undefined,
    onStorage: () => undefined,
    onPressure: () => undefined,
    ...settings,
  });
  delivery.start();
  t.after(() => delivery.close());
  return {
    delivery,
    transports,
    ship: (document, eventId, port) =>
      new Promise((resolve, reject) => {
        delivery.ship(document, eventId, port, (error) => (error === undefined ? resolve() : reject(error)));
      }),
  };
}

const statePath = (userDir: string): string => join(userDir, 'infra-monitoring', 'graylog-server-test.json');

test('each port has a connection of its own', async (t) => {
  const { ship, transports } = openDelivery(t, temporaryFolder());
  await Promise.all([ship('a'), ship('b', 'e-1', 9000)]);
  assert.deepEqual([transports.get(1)?.texts, transports.get(9000)?.texts], [['a'], ['b']]);
});

test('after a restart the counters go on, and what was sent just before it does not go out twice', async (t) => {
  const userDir = temporaryFolder();
  const first = openDelivery(t, userDir);
  await first.ship('a', 'e-1');
  await first.delivery.close();
  const second = openDelivery(t, userDir);
  assert.deepEqual(second.delivery.counters, { received: 1, sent: 1, dropped: 0, retried: 0 });
  await second.ship('a', 'e-1');
  await second.ship('b', 'e-2');
  assert.deepEqual(second.transports.get(1)?.texts, ['b']);
});

test('a state file that this version did not write counts as none', async (t) => {
  const userDir = temporaryFolder();
  mkdirSync(join(userDir, 'infra-monitoring'));
  writeFileSync(statePath(userDir), '{"counters":{"received":7},"recent":{}}');
  const { delivery } = openDelivery(t, userDir);
  assert.equal(delivery.counters.received, 0);
  await delivery.close();
  const { counters, recent } = JSON.parse(readFileSync(statePath(userDir), 'utf8'));
  assert.deepEqual({ counters, recent }, { counters: delivery.counters, recent: [] });
});

test('a start takes up what an earlier run left for each port', async (t) => {
  const userDir = temporaryFolder();
  const gone = (): MemoryTransport => new MemoryTransport({ open: () => Promise.reject(new Error('refused')) });
  const first = openDelivery(t, userDir, { createTransport: gone });
  await Promise.all([first.ship('a'), first.ship('b', undefined, 9000)]);
  assert.equal(first.delivery.summary.state, 'away');
  assert.equal(await first.delivery.close(), 0);
  const folders = readdirSync(join(userDir, 'infra-monitoring')).filter((name) => /^buffer-.*-\w+$/.test(name));
  assert.deepEqual(folders.sort(), ['buffer-test-9000', 'buffer-test-main']);
  const second = openDelivery(t, userDir);
  await Promise.all([second.ship('c'), second.ship('d', undefined, 9000)]);
  assert.deepEqual(
    [second.transports.get(1)?.texts, second.transports.get(9000)?.texts],
    [
      ['a', 'c'],
      ['b', 'd'],
    ],
  );
});

test('a msg for a seventeenth port of its own is refused with the reason, and counted', async (t) => {
  const { delivery, ship } = openDelivery(t, temporaryFolder());
  for (let port = 9_000; port < 9_016; port += 1) await ship('a', undefined, port);
  await assert.rejects(ship('a', undefined, 9_016), { code: 'TOO_MANY_PORTS' });
  assert.deepEqual(delivery.counters, { received: 17, sent: 16, dropped: 1, retried: 0 });
});

test('the files of a server that is gone for good go, and what waited is counted', async (t) => {
  const userDir = temporaryFolder();
  const { delivery } = openDelivery(t, userDir, { endpoints: () => [] });
  delivery.ship('a', undefined, undefined, () => undefined);
  delivery.ship('b', undefined, 9_000, () => undefined);
  assert.equal(await delivery.close(true), 2);
  assert.deepEqual(readdirSync(join(userDir, 'infra-monitoring')), []);
});

test('a server that is closed for a redeploy keeps what waits', async (t) => {
  const userDir = temporaryFolder();
  const { delivery } = openDelivery(t, userDir, { endpoints: () => [] });
  delivery.ship('a', undefined, undefined, () => undefined);
  assert.equal(await delivery.close(), 0);
  assert.ok(readdirSync(join(userDir, 'infra-monitoring')).includes('buffer-test-main'));
});
