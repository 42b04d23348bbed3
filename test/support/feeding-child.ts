// A process that ships numbered records at a steady rate: `node feeding-child.ts JSON`, see `FeederSetup`. It says its state
// when that changes, and a few times a second what it fed and counted. Commands come in lines: `stop`, `close`.
import { createInterface } from 'node:readline';
import type { DeliveryConfig } from '../../nodes/graylog-server/options.ts';
import { openDelivery } from './delivery.ts';
import { writeEvery } from './pace.ts';

export interface FeederSetup {
  readonly url: string;
  readonly userDir: string;
  readonly rate: number;
  readonly from: number;
  readonly config: DeliveryConfig;
  readonly ca?: string;
}

const { url, userDir, rate, from, config, ca } = JSON.parse(process.argv[2] ?? '') as FeederSetup;
const tls = ca === undefined ? {} : { tls: { ca } };
const { delivery, states, ship } = openDelivery({ after: () => undefined }, { url, userDir, config, ...tls });
const startMs = performance.now();
let next = from;
let said = 0;

const stop = writeEvery(Math.max(5, 1_000 / rate), () => {
  const due = from + Math.floor(((performance.now() - startMs) * rate) / 1_000);
  const begin = next;
  next = due;
  void ship(begin, due, 1_000);
});
const stopSaying = writeEvery(50, () => {
  for (; said < states.length; said += 1) {
    const { state, error } = states[said] as (typeof states)[number];
    console.log(JSON.stringify({ state, code: (error as { code?: string } | undefined)?.code }));
  }
  const { windowMs, counters, summary } = delivery;
  console.log(JSON.stringify({ fed: next, ...counters, buffered: summary.buffered, windowMs }));
});

createInterface({ input: process.stdin }).on('line', async (command) => {
  stop();
  if (command !== 'close') return;
  const beganMs = performance.now();
  stopSaying();
  console.log(JSON.stringify({ closedMs: -1, lost: await delivery.close(), tookMs: performance.now() - beganMs }));
  process.exit(0);
});
