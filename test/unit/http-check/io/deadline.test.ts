import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PhaseTimer } from '../../../../nodes/http-check/answer/phase-timer.ts';
import { Deadline } from '../../../../nodes/http-check/io/deadline.ts';
import { StallWatch } from '../../../../nodes/http-check/io/stall-watch.ts';

test('the time-out does not run while the process stands still, but not for ever', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  let now = 0;
  const stalls = new StallWatch({ steady: () => now, world: () => now });
  const expired: string[] = [];
  const timer = new PhaseTimer(() => now);
  timer.enter('body');
  const deadline = (): Deadline => new Deadline(1_000, timer, stalls, ({ code }) => expired.push(code));
  const pass = (ms: number): void => {
    for (let left = ms; left > 0; left -= 100) {
      now += 100;
      t.mock.timers.tick(100);
    }
  };
  /** All that is due comes late. */
  const hold = (ms: number): void => {
    now += ms;
    t.mock.timers.tick(ms);
  };
  const plain = deadline();
  pass(1_000);
  assert.deepEqual(expired.splice(0), ['TIMEOUT_IN_BODY']);
  plain.end();

  now = 0;
  const heldOnce = new Deadline(1_000, new PhaseTimer(() => now), stalls, ({ code }) => expired.push(code));
  hold(5_000);
  assert.equal(expired.length, 0);
  assert.ok(heldOnce.leftMs() > 800 && heldOnce.leftMs() <= 1_000, `${heldOnce.leftMs()}`);
  pass(1_000);
  assert.deepEqual(expired.splice(0), ['TIMEOUT_AT_START']);
  heldOnce.end();

  now = 0;
  const heldAlways = new Deadline(1_000, new PhaseTimer(() => now), stalls, ({ code }) => expired.push(code));
  for (let n = 0; n < 5; n += 1) hold(2_000);
  assert.equal(expired[0], 'HELD_UP');
  heldAlways.end();
});
