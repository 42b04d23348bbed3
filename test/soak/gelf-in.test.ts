// A million hostile datagrams and frames. The short case of it is in test/real/bad-input.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { floodGelfIn } from '../support/gelf-flood.ts';

test('a million hostile datagrams, frames and bodies: no crash, and memory stays bounded', { timeout: 3_600_000 }, async (t) => {
  const { beforeMb, peakMb, slowestMs, log } = await floodGelfIn(t, 1_000_000);
  t.diagnostic(`memory ${beforeMb.toFixed(0)} to ${peakMb.toFixed(0)} MB, slowest answer ${slowestMs.toFixed(0)} ms`);
  assert.ok(peakMb < beforeMb + 400, `${peakMb} MB`);
  assert.doesNotMatch(log, /TypeError|RangeError|Uncaught/);
});
