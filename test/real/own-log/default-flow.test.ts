// Risk: Node-RED's own log fills although all is well, and nobody reads it when something is not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liveFast } from '../../support/fast-day.ts';

/** A minute of the default flow has all that it does again and again; a day is in `test/soak`. */
const [SPEED, HOURS] = [60, 0.25];

test('in a quarter of an hour in which all is well the default flow writes no line to the log', async (t) => {
  const { lines, records } = await liveFast(t, SPEED, HOURS, {});
  assert.deepEqual(lines, []);
  assert.ok(records > 15 * 3, `${records} records went on`);
});
