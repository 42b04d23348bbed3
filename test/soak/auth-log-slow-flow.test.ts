// A million old lines into a switch and a function of 1 ms: twenty minutes. `npm run soak`; `SOAK_LINES=100000` is shorter.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slowFunction, startSlowFlow, switchTo } from '../support/slow-flow.ts';

const LINES = Number(process.env.SOAK_LINES ?? 1_000_000);
const MOST_MEGABYTES = 300;
const LONG_MS = 3_600_000;

test(`a switch and a function of 1 ms get ${LINES} old lines: little memory, none lost, and the status says slowed`, {
  timeout: LONG_MS,
}, async (t) => {
  const flow = await startSlowFlow(t, LINES, { first: switchTo('slow'), slow: slowFunction('out', LINES) });
  const beganMs = performance.now();
  const seen = new Uint8Array(LINES + 1);
  let lines = 0;
  await flow.graylog.until(() => {
    // What arrived is not kept: it would be more than the test's own memory has room for.
    for (const { _log_type, _process_id } of flow.graylog.documents.splice(0)) {
      if (_log_type !== 'auth') continue;
      seen[Number(_process_id)] = 1;
      lines += 1;
    }
    return lines >= LINES;
  }, LONG_MS);
  assert.equal(
    seen.reduce((sum, one) => sum + one, 0),
    LINES,
  );
  assert.ok(flow.statuses().some((text) => text.startsWith('slowed')));
  assert.ok(flow.heapMegabytes() < MOST_MEGABYTES, `${flow.heapMegabytes()} MB`);
  const seconds = Math.round((performance.now() - beganMs) / 1000);
  console.log(`${LINES} lines in ${seconds} s, ${flow.heapMegabytes()} MB of heap at most`);
});
