import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { phaseOf } from '../../../../lib/phase.ts';
import { Heartbeats } from '../../../../nodes/graylog-server/io/heartbeats.ts';
import type { Delivery } from '../../../../nodes/graylog-server/io/ship/delivery.ts';

/** When the heartbeats of a host came, in ms after its start. */
async function beatsOf(t: TestContext, host: string, untilMs: number): Promise<number[]> {
  let nowMs = 0;
  const times: number[] = [];
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.mock.method(performance, 'now', () => nowMs);
  const delivery = {
    counters: { received: 1, sent: 1, dropped: 0, retried: 0 },
    summary: { buffered: 0, lagMs: 0 },
    shipFields: () => times.push(nowMs),
  };
  const heartbeats = new Heartbeats({
    delivery: delivery as unknown as Delivery,
    host,
    staticFields: {},
    packageVersion: '1',
    nodeRedVersion: '5',
  });
  const pass = async (stepMs: number): Promise<void> => {
    nowMs += stepMs;
    t.mock.timers.tick(stepMs);
    // What a turn does after its promise is fulfilled comes before the next one.
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  while (nowMs < untilMs) await pass(100);
  heartbeats.close();
  for (let n = 0; n < 1_000; n += 1) await pass(100);
  return times;
}

test('a heartbeat comes once a minute, in the phase of its host, until the close', async (t) => {
  const phase = Math.ceil(phaseOf('web-1', 60_000) / 100) * 100;
  const times = await beatsOf(t, 'web-1', 200_000);
  assert.deepEqual(
    times.map((ms) => Math.abs(ms - phase) % 60_000 <= 100),
    times.map(() => true),
  );
  assert.ok(times.length >= 2 && (times.at(-1) ?? 0) <= 200_000, `${times}`);
});
