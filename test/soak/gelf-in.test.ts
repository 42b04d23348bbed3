// A million hostile datagrams and frames. The short case of it is in test/real/bad-input.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { floodGelfIn } from '../support/gelf-flood.ts';

test('a million hostile datagrams, frames and bodies: no crash, and memory stays bounded', {
  timeout: 3_600_000,
}, async (t) => {
  const { beforeMb, peakMb, quartersMb, slowestMs, log } = await floodGelfIn(t, 1_000_000);
  t.diagnostic(
    `memory ${beforeMb.toFixed(0)} to ${peakMb.toFixed(0)} MB, by quarters ${quartersMb}, slowest answer ${slowestMs.toFixed(0)} ms`,
  );
  assert.ok(peakMb < beforeMb + 500, `${peakMb} MB`);
  const [, second = 0, , last = 0] = quartersMb;
  assert.ok(last < second + 60, `${quartersMb} MB: it grows`);
  assert.doesNotMatch(log, /TypeError|RangeError|Uncaught/);
});
