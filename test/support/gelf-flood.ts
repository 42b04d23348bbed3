import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import type { TestContext } from 'node:test';
import { receiveTcp } from './graylog.ts';
import { GOOD_DOCUMENT, hostileBytes } from './hostile-gelf.ts';
import { type RunningNodeRed, startNodeRed } from './node-red.ts';
import { gap } from './pace.ts';
import { freePort } from './ports.ts';
import { until } from './until.ts';

export interface FloodOutcome {
  /** Peak memory of the Node-RED in MB, and what it was before. */
  readonly beforeMb: number;
  readonly peakMb: number;
  /** The middle of its memory in each quarter of the time, in MB. */
  readonly quartersMb: readonly number[];
  /** The slowest answer of Node-RED meanwhile, in ms. */
  readonly slowestMs: number;
  readonly log: string;
}

function memoryOf(red: RunningNodeRed, key: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync(`/proc/${red.process.pid}/status`, 'utf8');
  return Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / 1024;
}

/**
 * Sends so many hostile datagrams, frames and bodies to a gelf-in in a Node-RED of its own, and then good ones, which must
 * arrive over each of them.
 */
export async function floodGelfIn(t: TestContext, count: number): Promise<FloodOutcome> {
  const receiver = await receiveTcp(t);
  const [port, httpPort] = [await freePort(), await freePort()];
  const place = { z: 'tab1', x: 0, y: 0 };
  const source = { ...place, type: 'gelf-in', address: '127.0.0.1', wires: [['out1']] };
  const red = await startNodeRed(t, {
    env: { MONITORED_HOST: 'relay' },
    flow: [
      { id: 'tab1', type: 'tab', label: 'relay' },
      { id: 'server1', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${receiver.port}`, host: 'relay' },
      { id: 'in1', ...source, port: String(port) },
      { id: 'in2', ...source, transport: 'http', port: String(httpPort) },
      { id: 'out1', ...place, type: 'graylog-out', server: 'server1', port: '', wires: [] },
    ],
  });
  await red.logged(/Started flows/);
  const beforeMb = memoryOf(red, 'VmRSS');
  let slowestMs = 0;
  let isOver = false;
  const samples: number[] = [];
  const watching = (async () => {
    while (!isOver) {
      const startedMs = performance.now();
      await red.api('/settings');
      slowestMs = Math.max(slowestMs, performance.now() - startedMs);
      samples.push(memoryOf(red, 'VmRSS'));
      await gap(100);
    }
  })();
  await Promise.all([
    datagrams(port, Math.floor(count * 0.6)),
    frames(port, Math.floor(count * 0.35)),
    bodies(httpPort, Math.floor(count * 0.05)),
  ]);
  isOver = true;
  await watching;
  await arrives(receiver, port, httpPort);
  return { beforeMb, peakMb: memoryOf(red, 'VmHWM'), quartersMb: quarters(samples), slowestMs, log: red.log() };
}

function quarters(samples: readonly number[]): number[] {
  const size = Math.ceil(samples.length / 4);
  return [0, 1, 2, 3].map((i) => {
    const part = samples.slice(i * size, (i + 1) * size).sort((a, b) => a - b);
    return Math.round(part[Math.floor(part.length / 2)] ?? 0);
  });
}

async function datagrams(port: number, count: number): Promise<void> {
  const socket = createSocket('udp4');
  for (let n = 0; n < count; n += 1) {
    const bytes = hostileBytes(n);
    socket.send(bytes.subarray(0, 65_000), port, '127.0.0.1');
    if (n % 64 === 0) await gap(0);
  }
  socket.close();
}

/** Over one connection after the other: some are ended by the receiver, some by a reset. */
async function frames(port: number, count: number): Promise<void> {
  const PER_CONNECTION = 500;
  for (let from = 0; from < count; from += PER_CONNECTION) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    // `once` would reject where it is reset.
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    for (let n = from; n < Math.min(count, from + PER_CONNECTION) && !socket.destroyed; n += 1) {
      socket.write(Buffer.concat([hostileBytes(n).subarray(0, 65_000), Buffer.from(n % 2 === 0 ? '\0' : '\n')]));
      if (n % 64 === 0) await gap(0);
    }
    if (from % 1_500 === 0) socket.resetAndDestroy();
    else socket.end();
    await Promise.race([closed, gap(2_000)]);
    socket.destroy();
  }
}

async function bodies(port: number, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const packed = n % 3 === 0 ? { 'content-encoding': 'gzip' } : {};
    await new Promise<void>((resolve) => {
      const one = request({ port, host: '127.0.0.1', path: '/gelf', method: 'POST', headers: packed }, (answer) => {
        answer.resume();
        answer.on('close', () => resolve());
      });
      one.on('error', () => resolve());
      one.end(hostileBytes(n));
    });
  }
}

async function arrives(
  receiver: Awaited<ReturnType<typeof receiveTcp>>,
  port: number,
  httpPort: number,
): Promise<void> {
  const good = (way: string): string => GOOD_DOCUMENT.replace('good', `good over ${way}`);
  const hasCome = (way: string) => (): boolean =>
    receiver.documents.some((one) => one.short_message === `good over ${way}`);
  const socket = createSocket('udp4');
  await until(() => {
    socket.send(good('udp'), port, '127.0.0.1');
    return hasCome('udp')();
  }, 60_000);
  socket.close();
  connect(port, '127.0.0.1').end(`${good('tcp')}\0`);
  request({ port: httpPort, host: '127.0.0.1', path: '/gelf', method: 'POST' }).end(good('http'));
  await until(() => hasCome('tcp')() && hasCome('http')(), 60_000);
}
