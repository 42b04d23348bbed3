// Many senders in one process, each with the delivery of a `graylog-server` of its own: `node fleet-senders.js JSON` with
// `{ url, from, to, everyMs }`. They send until a line comes in; then it says how many records each has sent.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from './measure.js';

const { url, from, to, everyMs } = JSON.parse(process.argv[2]);
const nodes = join(root, 'dist/nodes/graylog-server');
const { Delivery } = await import(join(nodes, 'io/ship/delivery.js'));
const { deliveryOptions } = await import(join(nodes, 'options.js'));
const { parseEndpoints } = await import(join(nodes, 'endpoint.js'));
const { createTransportFactory } = await import(join(nodes, 'io/transports/factory.js'));

const userDir = mkdtempSync(join(tmpdir(), 'infra-monitoring-fleet-'));
// Thousands of hosts have thousands of disks. Here all of them are one.
const options = deliveryOptions({ diskMegabytes: '0', bufferMegabytes: '4' });
const createTransport = createTransportFactory(options, { tls: () => ({}), authorization: undefined });
const endpoints = parseEndpoints(url);
const senders = Array.from({ length: to - from }, (_, i) => {
  const delivery = new Delivery({
    userDir,
    id: `fleet-${from + i}`,
    options,
    endpoints: () => endpoints,
    createTransport,
    onState: () => undefined,
    onStorage: () => undefined,
    onPressure: () => undefined,
  });
  delivery.start();
  return { host: `host-${from + i}`, delivery, sent: 0, timer: undefined };
});

for (const sender of senders) {
  const send = () => {
    const fields = { host: sender.host, short_message: 'x'.repeat(200), timestamp: Date.now() / 1000, level: 6 };
    sender.delivery.shipFields({ ...fields, n: sender.sent }, undefined, () => undefined);
    sender.sent += 1;
  };
  setTimeout(() => {
    send();
    sender.timer = setInterval(send, everyMs);
  }, Math.random() * everyMs);
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
console.log('ready');
await lines.next();
for (const { timer } of senders) clearInterval(timer);
await pause(everyMs);
for (const { timer } of senders) clearInterval(timer);
const deadline = performance.now() + 90_000;
const buffered = () => senders.reduce((sum, { delivery }) => sum + delivery.summary.buffered, 0);
while (buffered() > 0 && performance.now() < deadline) await pause(100);
const dropped = senders.reduce((sum, { delivery }) => sum + delivery.counters.dropped, 0);
console.log(JSON.stringify({ dropped, sent: senders.map(({ host, sent }) => [host, sent]) }));
await Promise.all(senders.map(({ delivery }) => delivery.close()));
rmSync(userDir, { recursive: true, force: true });
process.exit(0);
