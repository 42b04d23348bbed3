// How much 1,000 keys and 10,000 records a second into an `alert` cost: memory, CPU time, and how late others get their turn.

import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { StateFile } from '../dist/lib/io/state-file.js';
import { AlertService } from '../dist/nodes/alert/io/alert-service.js';
import { parseSavedAlert } from '../dist/nodes/alert/saved.js';
import { readSettings } from '../dist/nodes/alert/settings.js';
import { number } from './measure.js';

const KEYS = 1_000;
const PER_SECOND = 10_000;
const SLICE_MS = 10;

const RULES = {
  nothing: undefined,
  state: { kind: 'state', field: 'state', bad: 'down', good: 'up', each: ['k'] },
  limit: { kind: 'limit', field: 'v', limit: '99', end: '90', forSeconds: '60', each: ['k'] },
  'count, 5 in 60 s': { kind: 'count', threshold: '5', windowSeconds: '60', each: ['k'] },
  'sum in 60 s': {
    kind: 'count',
    counts: 'sum',
    countField: 'v',
    threshold: '100000',
    windowSeconds: '60',
    each: ['k'],
  },
  'sum, all fire': {
    kind: 'count',
    counts: 'sum',
    countField: 'v',
    threshold: '100',
    windowSeconds: '60',
    each: ['k'],
  },
  'distinct, all fire': {
    kind: 'count',
    counts: 'distinct',
    countField: 'v',
    threshold: '50',
    windowSeconds: '60',
    endSeconds: '0',
    each: ['k'],
  },
  'distinct in 60 s': {
    kind: 'count',
    counts: 'distinct',
    countField: 'v',
    threshold: '500',
    windowSeconds: '60',
    each: ['k'],
  },
};

export async function benchAlert(seconds = 20) {
  console.log(
    `${number(KEYS)} keys, ${number(PER_SECOND)} records/s, ${seconds} s each; delays of the event loop in ms`,
  );
  console.log(
    '"own": what the thread itself computed from one slice of records to the next, whatever else the machine runs',
  );
  const columns = ['CPU s', 'µs/record', 'heap MB', 'p50', 'p99', 'max', 'own p99', 'own max', 'behind s'];
  console.log(`${'rule'.padEnd(22)}${columns.map((text) => text.padStart(10)).join('')}`);
  for (const [name, config] of Object.entries(RULES)) await run(name, config, seconds);
}

async function run(name, config, seconds) {
  const userDir = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  const service = config && createService(config, userDir);
  service?.start();
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const cpu = process.cpuUsage();
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const began = performance.now();
  let count = 0;
  const own = [];
  let ownMs = threadMs();
  while (performance.now() - began < seconds * 1000) {
    // As a busy source sends: a slice of records in a turn, then others run.
    const due = Math.min(((performance.now() - began) * PER_SECOND) / 1000, count + (2 * PER_SECOND * SLICE_MS) / 1000);
    const time = new Date().toISOString();
    for (; count < due; count += 1) {
      const record = {
        time,
        k: `key-${count % KEYS}`,
        state: count % 97 === 0 ? 'down' : 'up',
        v: count % 89,
        event_id: `e-${count}`,
      };
      service?.take(record);
    }
    await wait(SLICE_MS);
    own.push(threadMs() - ownMs);
    ownMs = threadMs();
  }
  own.sort((one, other) => one - other);
  delay.disable();
  const used = process.cpuUsage(cpu);
  const ms = (used.user + used.system) / 1000;
  globalThis.gc?.();
  const heap = (process.memoryUsage().heapUsed - before) / 1024 / 1024;
  const behind = seconds - count / PER_SECOND;
  const [p50, p99, max] = [delay.percentile(50), delay.percentile(99), delay.max].map((ns) => number(ns / 1e6 - 10, 1));
  const columns = [
    number(ms / 1000, 1),
    number((ms * 1000) / count, 2),
    number(heap, 1),
    p50,
    p99,
    max,
    number(own[Math.floor(own.length * 0.99)], 1),
    number(own.at(-1), 1),
    number(behind, 1),
  ];
  console.log(`${name.padEnd(22)}${columns.map((text) => text.padStart(10)).join('')}`);
  await service?.close(false);
  rmSync(userDir, { recursive: true, force: true });
}

/** The CPU time of this thread, in ms. */
function threadMs() {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function createService(config, userDir) {
  const settings = readSettings({ name: 'bench', floodMessages: '10', ...config }, 'UTC');
  return new AlertService({
    id: 'bench',
    settings,
    host: 'bench',
    zone: 'UTC',
    bus: new EventEmitter(),
    file: new StateFile(userDir, 'alert-bench', parseSavedAlert),
    saved: undefined,
    isWired: true,
    pattern: (source, flags) => (text) => new RegExp(source, flags).test(text),
    translate: (key) => key,
    send: () => undefined,
    show: () => undefined,
    onFault: (error) => console.error(error),
  });
}
