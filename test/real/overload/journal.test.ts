// Risk: an entry of the journal that takes the memory or the event loop of Node-RED. journald takes 32 MB from any user.

import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';
import { createJournal, present, watch } from '../../support/journal.ts';
import { until } from '../../support/until.ts';

/** So many pieces of a megabyte make an entry. */
const PIECES = 30;
const MEGABYTE = 1024 ** 2;

test('auth-log-in reads on over entries of 30 MB, with the memory and the event loop as before', present, async (t) => {
  const journal = createJournal(t);
  journal.add(1);
  const seen = await watch(t, journal.root, journal.root);
  await until(
    () => seen.states.includes('auth-log-in.status.noLine'),
    15_000,
    () => String(seen.states),
  );
  journal.add(1);
  await until(() => seen.records.length === 1);
  const restBytes = process.memoryUsage.rss();
  let peakBytes = 0;
  for (const text of ['a', 'a b\n', '\x01']) journal.addLong(Buffer.alloc(1_000_000, text), PIECES);
  const [last] = journal.add(1);
  const delay = monitorEventLoopDelay();
  delay.enable();
  await until(
    () => {
      peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
      return seen.records.at(-1)?.user_name === last;
    },
    30_000,
    () => `${seen.records.length} records`,
  );
  delay.disable();
  assert.equal(seen.records.length, 5);
  for (const record of seen.records.slice(1, 4))
    assert.match(record.message, /… \[cut: the entry has 30000000 bytes]$/);
  assert.ok(peakBytes - restBytes < 200 * MEGABYTE, `${(peakBytes - restBytes) / MEGABYTE} MB above rest`);
  assert.ok(delay.max < 1e9, `the event loop was held for ${delay.max / 1e6} ms`);
  t.diagnostic(`${(peakBytes - restBytes) / MEGABYTE} MB above rest, at most ${delay.max / 1e6} ms`);
});
