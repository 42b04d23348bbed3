// Records over UDP, TCP and HTTP into gelf-in, and through graylog-out to a TCP receiver: `npm run bench -- relay [RECORDS [WORD]]`,
// WORD for those parts only that have it in their names.
// The records are those of Docker's own driver. What is measured is the relay's own time and what of the records arrives.

import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { startNodeRed } from './chain.js';
import { node, number, root, start, usage } from './measure.js';

/** What a host with many containers logs, by the task: records a second over UDP, which nothing holds back. */
const UDP_PER_SECOND = 20_000;
const BATCH = 128;
/** So many datagrams are packed before the first is sent: what is measured is the relay, not who packs. */
const PACKED = 10_000;

const document = (n, more = {}) =>
  JSON.stringify({
    ...{ version: '1.1', host: 'dockerhost', short_message: `GET /shop/items/${n} 200 in ${n % 500} ms`, level: 6 },
    timestamp: 1_767_225_600 + (n % 1000) / 1000,
    ...{
      _command: 'node server.js',
      _container_id: 'ab'.repeat(32),
      _container_name: 'web',
      _image_name: 'shop/web:1',
    },
    ...{ _created: '2026-01-01T00:00:00.123456789Z', _image_id: `sha256:${'cd'.repeat(32)}`, _tag: 'abababababab' },
    ...more,
  });

const PARTS = {
  tcp: { records: 300_000, transport: 'tcp', send: sendTcp },
  'tcp, numbers with a text of their own': {
    ...{ records: 150_000, transport: 'tcp', send: (port, count) => sendTcp(port, count, { _ratio: '1.0' }) },
  },
  'udp, not packed': { records: 200_000, transport: 'udp', send: (port, count) => sendUdp(port, count, Buffer.from) },
  'udp, gzip': { records: 200_000, transport: 'udp', send: (port, count) => sendUdp(port, count, gzipSync) },
  'http, bulk': { records: 50_000, transport: 'http', send: sendHttp },
};

export async function benchRelay(records, word = '') {
  for (const [name, part] of Object.entries(PARTS)) {
    if (name.includes(word)) report(name, await run(part, records || part.records));
  }
}

async function run({ transport, send }, count) {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-bench-'));
  const receiver = start(node, [join(root, 'bench/receiver.js'), String(count)]);
  try {
    const [, port] = await receiver.line(/port (\d+)/);
    const own = await freePort();
    const program = startNodeRed(folder, flow(transport, own, port));
    await program.line(/Started flows/);
    await wait(2_000);
    const before = usage(program.pid);
    const startedMs = Date.now();
    await send(own, count);
    const done = await Promise.race([
      receiver.line(/done (\S+) (\S+)/, 600_000),
      wait(transport === 'udp' ? 15_000 : 600_000),
    ]);
    const seconds = (Date.now() - startedMs) / 1000;
    const after = usage(program.pid);
    // It tells what was lost when it ends.
    program.child.kill('SIGTERM');
    await new Promise((resolve) => program.child.once('exit', resolve));
    const counts = [...program.log().matchAll(/dropped (\d+) datagrams/g)].map(([, lost]) => Number(lost));
    const lost = counts.reduce((sum, one) => sum + one, 0);
    return { count, seconds, isWhole: done !== undefined, lost, cpu: after.cpu - before.cpu, peakMb: after.peakMb };
  } finally {
    await receiver.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function flow(transport, own, port) {
  return [
    { id: 'tab', type: 'tab', label: 'bench' },
    { id: 'server', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${port}` },
    { id: 'in', z: 'tab', type: 'gelf-in', transport, port: String(own), address: '127.0.0.1', wires: [['ship']] },
    { id: 'ship', z: 'tab', type: 'graylog-out', server: 'server', port: '', wires: [] },
  ];
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function sendTcp(port, count, more) {
  const socket = connect(port, '127.0.0.1');
  const text = (n) => document(n, more).replace('"1.0"', '1.0');
  for (let from = 0; from < count; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => `${text(from + i)}\0`).join('');
    if (!socket.write(batch)) await new Promise((resolve) => socket.once('drain', resolve));
  }
  socket.end();
}

/** At a steady rate: a sender that asks for no answer gets none. */
async function sendUdp(port, count, pack) {
  const datagrams = Array.from({ length: Math.min(PACKED, count) }, (_, n) => pack(document(n)));
  const socket = createSocket({ type: 'udp4', sendBufferSize: 4 * 1024 * 1024 });
  const startedMs = performance.now();
  for (let sent = 0; sent < count; ) {
    const due = Math.min(count, Math.floor(((performance.now() - startedMs) / 1000) * UDP_PER_SECOND));
    for (; sent < due; sent += 1) socket.send(datagrams[sent % PACKED], port, '127.0.0.1');
    await wait(1);
  }
  await wait(100);
  socket.close();
}

async function sendHttp(port, count) {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const post = (body) =>
    new Promise((resolve, reject) => {
      const one = request({ port, host: '127.0.0.1', path: '/gelf', method: 'POST', agent }, (answer) => {
        answer.resume();
        answer.on('end', resolve);
      });
      one.on('error', reject);
      one.end(body);
    });
  const bodies = [];
  for (let from = 0; from < count; from += BATCH / 2) {
    bodies.push(Array.from({ length: Math.min(BATCH / 2, count - from) }, (_, i) => document(from + i)).join('\n'));
  }
  const worker = async () => {
    for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) await post(body);
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
}

function report(name, { count, seconds, isWhole, lost, cpu, peakMb }) {
  const figures = [
    `${number(count / seconds).padStart(9)} records/s`,
    `${number((cpu / count) * 1_000_000, 2).padStart(7)} CPU s per million`,
    `${number(peakMb).padStart(5)} MB peak`,
    isWhole ? 'all arrived' : `not all arrived, the system dropped ${number(lost)}`,
  ];
  console.log(`${name.padEnd(40)} ${figures.join(', ')}`);
}
