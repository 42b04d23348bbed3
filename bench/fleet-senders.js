// Many senders in one process, each with the shipper of a `graylog-server` of its own: `node fleet-senders.js JSON` with
// `{ url, from, to, everyMs }`. They send until a line comes in; then it says how many records each has sent.
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from './measure.js';

const { url, from, to, everyMs } = JSON.parse(process.argv[2]);
const nodes = join(root, 'dist/nodes/graylog-server');
const { Shipper } = await import(join(nodes, 'io/ship/shipper.js'));
const { deliveryOptions } = await import(join(nodes, 'options.js'));
const { parseEndpoints } = await import(join(nodes, 'endpoint.js'));
const { createTransportFactory } = await import(join(nodes, 'io/transports/factory.js'));

const TEXT = 'x'.repeat(200);
// Thousands of hosts have thousands of disks. Here all of them are one.
const options = deliveryOptions({ diskMegabytes: '0', bufferMegabytes: '4' });
const createTransport = createTransportFactory(options, { tls: () => ({}), authorization: undefined });
const endpoints = parseEndpoints(url);
const senders = Array.from({ length: to - from }, (_, i) => {
  const shipper = new Shipper({
    ...options.shipper,
    buffer: { ...options.buffer, path: undefined, onStorage: () => undefined },
    endpoints: () => endpoints,
    createTransport,
    onState: () => undefined,
    onPressure: () => undefined,
  });
  shipper.start();
  return { host: `host-${from + i}`, shipper, sent: 0, timer: undefined };
});

for (const sender of senders) {
  const send = () => {
    const fields = { version: '1.1', host: sender.host, short_message: TEXT, timestamp: Date.now() / 1000, level: 6 };
    sender.shipper.offer(JSON.stringify({ ...fields, _n: sender.sent }), () => undefined);
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
const buffered = () => senders.reduce((sum, { shipper }) => sum + shipper.buffered, 0);
while (buffered() > 0 && performance.now() < deadline) await pause(100);
const dropped = senders.reduce((sum, { shipper }) => sum + shipper.counters.dropped, 0);
console.log(JSON.stringify({ dropped, sent: senders.map(({ host, sent }) => [host, sent]) }));
await Promise.all(senders.map(({ shipper }) => shipper.close()));
process.exit(0);
