// Risk: what can be sent to a port of gelf-in ends or blocks Node-RED, or fills its memory.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { floodGelfIn } from '../../support/gelf-flood.ts';

test('8,000 hostile datagrams, frames and bodies end nothing, and what is good still arrives', {
  timeout: 120_000,
}, async (t) => {
  const { beforeMb, peakMb, slowestMs, log } = await floodGelfIn(t, 8_000);
  t.diagnostic(`memory ${beforeMb.toFixed(0)} to ${peakMb.toFixed(0)} MB, slowest answer ${slowestMs.toFixed(0)} ms`);
  assert.ok(peakMb < beforeMb + 300, `${peakMb} MB`);
  assert.doesNotMatch(log, /TypeError|RangeError|Uncaught/);
});
