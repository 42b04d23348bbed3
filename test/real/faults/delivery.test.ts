// Risk: each way in which a receiver can fail, over each transport, with the sender killed in the middle of it or not.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { canDropPackets, FaultyLink, type Outcome, type Scheme } from '../../support/faults.ts';
import { gap } from '../../support/pace.ts';
import { real } from '../../support/real.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';

const SCHEMES: Scheme[] = ['tcp', 'tls', 'http'];
const RATE = 200;
const FAULT_MS = 3_000;
/** They wait for time-outs more than for the processor. */
const CONCURRENCY = 6;
const DISK = 'disk full';

interface Fault {
  readonly name: string;
  readonly schemes?: readonly Scheme[];
  /** Breaks it, calls `meanwhile`, and mends it. */
  run(link: FaultyLink, meanwhile: () => Promise<void>): Promise<void>;
}

const mode = (name: string, schemes: readonly Scheme[] = ['http']): Fault => ({
  name,
  schemes,
  run: async (link, meanwhile) => {
    await link.tellReceiver(name);
    await meanwhile();
    await link.startReceiver();
  },
});

const often = (command: string): Fault => ({
  name: `${command} again and again`,
  run: async (link, meanwhile) => {
    for (let i = 0; i < 6; i += 1) {
      await link.tellReceiver(command);
      await gap(FAULT_MS / 6);
      if (i === 3) await meanwhile();
    }
  },
});

const stop: Fault['run'] = async (link, meanwhile) => {
  link.signalReceiver('SIGSTOP');
  await meanwhile();
  link.signalReceiver('SIGCONT');
};

const faults: Fault[] = [
  often('reset'),
  often('fin'),
  {
    name: 'silence',
    run: async (link, meanwhile) => {
      link.silence(true);
      await meanwhile();
      await link.startReceiver();
      link.silence(false);
    },
  },
  { name: 'stall', run: stop },
  {
    name: 'stall, then killed',
    run: async (link, meanwhile) => {
      link.signalReceiver('SIGSTOP');
      await meanwhile();
      await link.startReceiver();
    },
  },
  mode('close', SCHEMES),
  mode('503'),
  mode('endless'),
  mode('continue'),
  mode('refuse'),
  {
    name: DISK,
    run: async (link, meanwhile) => {
      const file = join(link.userDir, 'full');
      // It says that there is no room, which is the point.
      spawnSync('dd', ['if=/dev/zero', `of=${file}`, 'bs=4096'], { stdio: 'ignore' });
      await stop(link, meanwhile);
      rmSync(file);
    },
  },
];

describe('faults', { concurrency: CONCURRENCY }, () => {
  for (const { name, schemes = SCHEMES, run } of faults) {
    for (const scheme of schemes) {
      for (const isKilled of [false, true]) {
        test(`${name} over ${scheme}${isKilled ? ', and the sender is killed meanwhile' : ''}: nothing is lost, and the counters are true`, {
          ...real('right to make a network namespace, to drop packets in it and to mount a tmpfs', canDropPackets),
          timeout: 120_000,
        }, async (t) => {
          const link = await startLink(t, name, scheme);
          await gap(1_500);
          await run(link, async () => {
            await gap(FAULT_MS);
            if (isKilled) await link.killFeeder();
          });
          await gap(1_000);
          check(name, await link.settle(), isKilled ? undefined : link.figures);
        });
      }
    }
  }
});

function startLink(t: TestContext, fault: string, scheme: Scheme): Promise<FaultyLink> {
  const options = { isolated: fault === 'silence', config: { confirmSeconds: '0.5' } };
  return FaultyLink.start(t, scheme, RATE, fault === DISK ? { ...options, userDir: mountSmallDisk('700k') } : options);
}

/** What was counted before a kill is not known any more, and what a proxy refused then may have been taken after it. */
function check(fault: string, { fed, lost, dropped }: Outcome, figures: FaultyLink['figures'] | undefined): void {
  if (figures === undefined) {
    if (fault !== 'refuse') assert.equal(lost, 0);
    return;
  }
  const { received, sent } = figures;
  assert.deepEqual({ lost, received, sent }, { lost: dropped, received: fed, sent: fed - dropped });
  assert.equal(dropped > 0, fault === 'refuse');
}
