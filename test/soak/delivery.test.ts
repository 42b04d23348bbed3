// Long outages, at four rates: silence for a minute, the link down for two, a receiver that stands still for 40 seconds and
// is killed then. `npm run soak`; `SOAK_SECONDS=10` makes each outage that short.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { canDropPackets, FaultyLink, type Scheme } from '../support/faults.ts';
import { gap } from '../support/pace.ts';
import { real } from '../support/real.ts';

const SCHEMES: Scheme[] = ['tcp', 'tls', 'http'];
const RATES = [3, 20, 300, 3_000];
const most = Number(process.env.SOAK_SECONDS ?? Number.POSITIVE_INFINITY);
/** Together they would wait for the processor, not for the network. */
const CONCURRENCY = 6;

interface Outage {
  readonly name: string;
  readonly seconds: number;
  begin(link: FaultyLink): void;
  end(link: FaultyLink): Promise<void>;
}

const outages: Outage[] = [
  {
    name: 'silence',
    seconds: 60,
    begin: (link) => link.silence(true),
    end: async (link) => {
      await link.startReceiver();
      link.silence(false);
    },
  },
  {
    name: 'link down',
    seconds: 120,
    begin: (link) => link.inNetwork('ip', 'link', 'set', 'lo', 'down'),
    end: async (link) => link.inNetwork('ip', 'link', 'set', 'lo', 'up'),
  },
  {
    name: 'stopped, then killed',
    seconds: 40,
    begin: (link) => link.signalReceiver('SIGSTOP'),
    end: (link) => link.startReceiver(),
  },
];

const rows: string[] = [];

for (const scheme of SCHEMES) {
  test(`a reset every 3,000 messages at 1,500/s over ${scheme}, twelve times: none lost, and fewer repeated than 80 %`, {
    timeout: 200_000,
  }, async (t) => {
    const link = await FaultyLink.start(t, scheme, 1_500);
    for (let i = 0; i < 12; i += 1) {
      await gap(2_000);
      await link.tellReceiver('reset');
    }
    const { fed, lost, repeats, dropped } = await link.settle();
    console.log(`resets over ${scheme}: ${fed} fed, ${lost} lost, ${repeats} repeated`);
    assert.deepEqual([lost, dropped], [0, 0]);
    assert.ok(repeats < fed * 0.8);
  });
}

describe('outages', { concurrency: CONCURRENCY }, () => {
  after(() =>
    console.log(['outage | over | records/s | red after s | fed | lost | repeats', ...rows.sort()].join('\n')),
  );
  for (const { name, seconds, begin, end } of outages) {
    for (const scheme of SCHEMES) {
      for (const rate of RATES) {
        test(`${name} for ${seconds} s over ${scheme} at ${rate} records/s: said within 15 s, none lost`, {
          ...real('right to make a network namespace and to drop packets in it', canDropPackets),
          timeout: 600_000,
        }, async (t) => {
          const link = await FaultyLink.start(t, scheme, rate, { isolated: true });
          await gap(5_000);
          const beganMs = performance.now();
          begin(link);
          const redMs = await link.untilRed();
          await gap(Math.max(0, Math.min(most, seconds) * 1_000 - (performance.now() - beganMs)));
          await end(link);
          await gap(3_000);
          const { fed, lost, repeats, dropped } = await link.settle(300_000);
          rows.push([name, scheme, rate, (redMs / 1_000).toFixed(1), fed, lost, repeats].join(' | '));
          assert.deepEqual([lost, dropped], [0, 0]);
          // What was sent since the last confirmation, the window; and a batch, and what came while the fault was noticed.
          assert.ok(repeats <= rate * 5 + 500, `${repeats} repeats`);
          assert.ok(redMs < 15_000, `red after ${redMs} ms`);
        });
      }
    }
  }
});
