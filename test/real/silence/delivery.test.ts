// Risk: the packets of a connection are dropped, both ways, without a word.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canDropPackets, FaultyLink, type Scheme } from '../../support/faults.ts';
import { gap } from '../../support/pace.ts';
import { real } from '../../support/real.ts';

// The long ones, and the other rates, are in test/soak/.
for (const scheme of ['tcp', 'tls', 'http'] satisfies Scheme[]) {
  test(`a server that goes silent is said within 15 seconds over ${scheme} at 3 records a second, and none is lost when it was killed meanwhile`, {
    ...real('right to make a network namespace and to drop packets in it', canDropPackets),
    timeout: 90_000,
  }, async (t) => {
    const link = await FaultyLink.start(t, scheme, 3, { isolated: true });
    await gap(1_000);
    link.silence(true);
    assert.ok((await link.untilRed()) < 15_000);
    await link.startReceiver();
    link.silence(false);
    const { lost, repeats, dropped } = await link.settle();
    assert.deepEqual([lost, dropped], [0, 0]);
    // Those of the three seconds that need not be confirmed, and of the time until it was said.
    assert.ok(repeats <= 3 * 20, `${repeats} repeats`);
  });
}
