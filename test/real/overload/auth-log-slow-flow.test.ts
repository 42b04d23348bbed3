// Risk: the nodes behind a long old log are slower than its reader, or keep what they get: memory fills until the process ends.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slowFunction, startSlowFlow, switchTo } from '../../support/slow-flow.ts';
import { until } from '../../support/until.ts';

const LINES = 100_000;
const SLOW_LINES = 5_000;
const MOST_MEGABYTES = 300;

test('a switch and a function of 1 ms get 100,000 old lines: little memory, none lost, and the status says slowed', {
  timeout: 120_000,
}, async (t) => {
  const flow = await startSlowFlow(t, LINES, {
    first: switchTo('slow'),
    // The rest of the lines goes at full speed, so that the test ends.
    slow: slowFunction('out', SLOW_LINES),
  });
  // The server reads from more than one connection: the order among them is not the one in which they were sent.
  const numbers = new Set<unknown>();
  await flow.graylog.until(() => {
    for (const { _process_id } of flow.graylog.documents.splice(0)) numbers.add(_process_id);
    numbers.delete(undefined);
    return numbers.size >= LINES;
  }, 90_000);
  await until(() => /^\d+ lines, \d\d:\d\d$/.test(flow.statuses().at(-1) ?? ''));
  assert.ok(
    flow.statuses().some((text) => /^slowed, \d+ lines$/.test(text)),
    flow.statuses().join('\n'),
  );
  assert.ok(flow.heapMegabytes() < MOST_MEGABYTES, `${flow.heapMegabytes()} MB`);
  t.diagnostic(`${flow.heapMegabytes()} MB of heap at most`);
});

test('a node that holds msgs back gets no more of them than memory has room for', { timeout: 120_000 }, async (t) => {
  const flow = await startSlowFlow(t, 4 * LINES, {
    // One msg each millisecond.
    first: { type: 'delay', pauseType: 'rate', rate: '1000', nbRateUnits: '1', rateUnits: 'second', wires: [['out']] },
  });
  await until(
    () => flow.statuses().at(-1)?.startsWith('slowed') === true,
    60_000,
    () => flow.statuses().join('\n'),
  );
  await flow.graylog.until((all) => all.length >= SLOW_LINES, 60_000);
  assert.ok(flow.heapMegabytes() < MOST_MEGABYTES, `${flow.heapMegabytes()} MB`);
  t.diagnostic(`${flow.heapMegabytes()} MB of heap at most`);
});
