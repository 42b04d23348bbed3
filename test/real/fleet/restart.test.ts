// Risk: hundreds of hosts meet a receiver that was killed and comes back.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ShipperState } from '../../../nodes/graylog-server/shipper-state.ts';
import { openDelivery } from '../../support/delivery.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { packageRoot } from '../../support/node-red.ts';
import { gap } from '../../support/pace.ts';
import { freePort } from '../../support/ports.ts';
import { until } from '../../support/until.ts';

const HOSTS = 200;
/** How long a step may take where the machine is busy with other things: a bound, no measure. */
const PATIENCE_MS = 90_000;
/**
 * Hosts that choose their waits by chance come back in an order of chance, in which half of the pairs are turned round. Hosts that
 * wait equally long come back in the order in which they went, however late their timers are.
 */
const LEAST_TURNED = 0.25;

/** The share of the pairs that stand the other way round in `after` than in `before`. */
function turned(before: readonly number[], after: readonly number[]): number {
  const place = new Map(before.map((host, index) => [host, index]));
  const places = after.map((host) => Number(place.get(host)));
  const pairs = places.flatMap((one, index) => places.slice(index + 1).map((other) => one > other));
  return pairs.filter(Boolean).length / pairs.length;
}

test('200 hosts lose nothing when their receiver is killed, and come back one after the other', {
  timeout: 6 * PATIENCE_MS,
}, async (t) => {
  const folder = temporaryFolder();
  const file = join(folder, 'received');
  writeFileSync(file, '');
  const port = await freePort();
  const start = async (): Promise<ChildProcess> => {
    const program = join(packageRoot, 'bench/fleet-receiver.js');
    const child = spawn(process.execPath, [program, String(port), file], { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data', { signal: AbortSignal.timeout(PATIENCE_MS) });
    return child;
  };
  /** What has arrived, by host and number. */
  const arrivals = (): { host: number; n: number }[] =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('r '))
      .map((line) => line.split(' '))
      .map(([, host, n]) => ({ host: Number(host), n: Number(n) }));
  /** Each record once. */
  const received = (): Set<string> => new Set(arrivals().map(({ host, n }) => `${host} ${n}`));

  let receiver = await start();
  let isKilled = false;
  const [gone, back]: [Set<number>, Set<number>] = [new Set(), new Set()];
  const hear = (host: number, { state }: ShipperState): void => {
    if (!isKilled) return;
    if (state === 'away') gone.add(host);
    if (state === 'connected' && gone.has(host)) back.add(host);
  };
  const hosts = Array.from({ length: HOSTS }, (_, host) =>
    openDelivery(t, {
      url: `tcp://127.0.0.1:${port}`,
      config: { diskMegabytes: '0', bufferMegabytes: '4' },
      host: String(host),
      onState: (state) => hear(host, state),
    }),
  );
  let shipped = 0;
  const shipTo = async (count: number): Promise<void> => {
    for (; shipped < count; shipped += 1) {
      await Promise.all(hosts.map(({ ship }) => ship(shipped, shipped + 1)));
      await gap(100);
    }
  };
  await shipTo(10);
  await until(() => received().size >= HOSTS * 5, PATIENCE_MS);

  isKilled = true;
  const exited = once(receiver, 'exit');
  receiver.kill('SIGKILL');
  await exited;
  await until(() => gone.size === HOSTS, PATIENCE_MS);
  const before = arrivals().length;
  receiver = await start();
  await shipTo(20);
  await until(
    () => back.size === HOSTS,
    PATIENCE_MS,
    () => `${back.size} of the hosts are back`,
  );

  await until(() => hosts.every(({ delivery }) => delivery.counters.sent === shipped), PATIENCE_MS);
  const records = received();
  for (let host = 0; host < HOSTS; host += 1) {
    for (let n = 0; n < shipped; n += 1) assert.ok(records.has(`${host} ${n}`), `record ${n} of host ${host}`);
  }
  const order = new Set(
    arrivals()
      .slice(before)
      .map(({ host }) => host),
  );
  const share = turned([...gone], [...order]);
  assert.ok(share > LEAST_TURNED, `${share} of the pairs came back the other way round`);
  t.diagnostic(`${share.toFixed(2)} of the pairs came back the other way round`);
});
