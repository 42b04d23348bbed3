// Risk: hundreds of hosts meet a receiver that was killed and comes back.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDelivery } from '../../support/delivery.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { packageRoot } from '../../support/node-red.ts';
import { gap } from '../../support/pace.ts';
import { freePort } from '../../support/ports.ts';
import { until } from '../../support/until.ts';

const HOSTS = 200;
/** Without jitter in the first wait all of them came within 200 ms. */
const LEAST_SPREAD_MS = 600;

test('200 hosts lose nothing when their receiver is killed, and come back one after the other', {
  timeout: 180_000,
}, async (t) => {
  const folder = temporaryFolder();
  const file = join(folder, 'received');
  writeFileSync(file, '');
  const port = await freePort();
  const start = async (): Promise<ChildProcess> => {
    const program = join(packageRoot, 'bench/fleet-receiver.js');
    const child = spawn(process.execPath, [program, String(port), file], { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    return child;
  };
  const lines = (kind: string): string[] =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(kind));

  let receiver = await start();
  const hosts = Array.from({ length: HOSTS }, () =>
    openDelivery(t, { url: `tcp://127.0.0.1:${port}`, config: { diskMegabytes: '0', bufferMegabytes: '4' } }),
  );
  let shipped = 0;
  const shipTo = async (count: number): Promise<void> => {
    for (; shipped < count; shipped += 1) {
      await Promise.all(hosts.map(({ ship }) => ship(shipped, shipped + 1)));
      await gap(100);
    }
  };
  await shipTo(10);
  await until(() => lines('r').length >= HOSTS * 5, 30_000);

  const exited = once(receiver, 'exit');
  receiver.kill('SIGKILL');
  await exited;
  const killMs = Date.now();
  receiver = await start();
  await shipTo(20);
  await until(() => hosts.every(({ states }) => states.at(-1)?.state === 'connected'), 60_000);
  const seconds = (Date.now() - killMs) / 1_000;
  assert.ok(seconds < 60, `${seconds} s`);

  await until(() => hosts.every(({ delivery }) => delivery.counters.sent === shipped), 60_000);
  const counts = new Map<string, number>();
  for (const line of lines('r')) {
    const n = line.split(' ')[2] ?? '';
    counts.set(n, (counts.get(n) ?? 0) + 1);
  }
  for (let n = 0; n < shipped; n += 1) assert.ok((counts.get(String(n)) ?? 0) >= HOSTS, `record ${n}`);
  const times = lines('c').map((line) => Number(line.split(' ')[1]));
  const back = times.filter((ms) => ms > killMs).sort((one, other) => one - other);
  const spreadMs = Number(back[(HOSTS * 3) / 4]) - Number(back[0]);
  assert.ok(spreadMs > LEAST_SPREAD_MS, `three quarters of the hosts came within ${spreadMs} ms`);
  t.diagnostic(`all back after ${seconds.toFixed(1)} s; three quarters within ${spreadMs} ms`);
});
