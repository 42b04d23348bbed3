// Ten minutes without a server at 1,000 records/s, in compressed time: what the memory grows by, and whether all of it
// arrives in order: `npm run bench -- delivery [SECONDS]`.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { number, root } from './measure.js';

const RECORDS_PER_SECOND = 1_000;
/** Faster than in life, slow enough that the disk keeps up as it would then. */
const COMPRESSION = 20;

export async function benchDelivery(seconds = 600) {
  const nodes = join(root, 'dist/nodes/graylog-server');
  const { Delivery } = await import(join(nodes, 'io/ship/delivery.js'));
  const { deliveryOptions } = await import(join(nodes, 'options.js'));
  const { createTransportFactory } = await import(join(nodes, 'io/transports/factory.js'));
  const userDir = mkdtempSync(join(tmpdir(), 'infra-monitoring-bench-'));
  const receiver = orderedReceiver();
  const port = await receiver.listen(0);
  await receiver.close();
  const options = deliveryOptions({});
  const delivery = new Delivery({
    userDir,
    id: 'bench',
    options,
    endpoints: () => [{ protocol: 'tcp', host: '127.0.0.1', port, path: '' }],
    createTransport: createTransportFactory(options, {
      tls: () => ({}),
      authorization: undefined,
    }),
    onState: () => undefined,
    onStorage: (event, error) => console.log(`storage: ${event}`, error ?? ''),
    onPressure: (full) => console.log(`pressure: ${full}`),
  });
  try {
    const total = seconds * RECORDS_PER_SECOND;
    await ship(delivery, 0, 10_000);
    const before = process.memoryUsage().rss;
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 50);
    const startedMs = performance.now();
    await ship(delivery, 10_000, total);
    const awayPeak = peak;
    const awaySeconds = (performance.now() - startedMs) / 1000;
    await receiver.listen(port);
    const drainedMs = performance.now();
    while (receiver.distinct() < total && performance.now() - drainedMs < 300_000) await pause(50);
    const drainSeconds = (performance.now() - drainedMs) / 1000;
    clearInterval(watch);
    const { dropped } = delivery.counters;
    console.log(
      `${number(total)} records while the server was away, in ${number(awaySeconds)} s: memory grew by ` +
        `${number((awayPeak - before) / 1e6)} MB, by ${number((peak - before) / 1e6)} MB with the draining ` +
        `(${number(drainSeconds, 1)} s, ${number(total / drainSeconds)} records/s after the first connection)`,
    );
    console.log(
      `${number(receiver.distinct())} arrived, ${receiver.outOfOrder()} out of order, ${number(receiver.repeats())} ` +
        `repeats, ${dropped} dropped`,
    );
  } finally {
    await delivery.close();
    await receiver.close();
    rmSync(userDir, { recursive: true, force: true });
  }
}

async function ship(delivery, from, to) {
  const perMs = (RECORDS_PER_SECOND * COMPRESSION) / 1000;
  const startMs = performance.now();
  for (let n = from; n < to; n += 1) {
    const fields = { short_message: `Failed password for root from 203.0.113.7 port ${n} ssh2`, host: 'bench' };
    const more = { timestamp: 1_795_000_000, level: 4, event_id: `bench-${n}`, user_name: 'root', n };
    delivery.shipFields({ ...fields, ...more }, undefined, () => undefined);
    while ((n - from) / perMs > performance.now() - startMs) await pause(1);
  }
}

/** Only counts what comes. */
function orderedReceiver() {
  let highest = -1;
  let distinct = 0;
  let outOfOrder = 0;
  let repeats = 0;
  let server;
  const sockets = new Set();
  const take = (frame) => {
    const n = Number(/"_n":(\d+)/.exec(frame)?.[1]);
    if (n <= highest) {
      repeats += 1;
      return;
    }
    if (n !== highest + 1) outOfOrder += 1;
    highest = n;
    distinct += 1;
  };
  return {
    distinct: () => distinct,
    outOfOrder: () => outOfOrder,
    repeats: () => repeats,
    listen: (port) =>
      new Promise((resolve) => {
        server = createServer((socket) => {
          sockets.add(socket);
          let rest = '';
          socket.on('error', () => undefined);
          socket.on('data', (data) => {
            const frames = (rest + data).split('\0');
            rest = frames.pop();
            for (const frame of frames) take(frame);
          });
        });
        server.listen(port, '127.0.0.1', () => resolve(server.address().port));
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
