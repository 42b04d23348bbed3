import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertBeat, AlertClock } from '../../../../nodes/alert/io/alert-clock.ts';

/** A clock whose times the test sets, and what it was said to have noticed. */
function fakeClock() {
  const time = { wall: 1_000_000_000, steady: 5_000_000 };
  const noticed: string[] = [];
  const clock = new AlertClock(
    {
      tick: () => undefined,
      skip: (ms, nowMs) => noticed.push(`skip ${ms} at ${nowMs}`),
      shift: (ms, nowMs) => noticed.push(`shift ${ms} at ${nowMs}`),
    },
    new AlertBeat({ wallMs: () => time.wall, steadyMs: () => time.steady }),
  );
  const pass = (wall: number, steady = wall): void => {
    time.wall += wall;
    time.steady += steady;
  };
  return { clock, noticed, pass };
}

test('time that just passes is nothing to notice, nor is a correction by milliseconds', () => {
  const { clock, noticed, pass } = fakeClock();
  for (let n = 0; n < 100; n += 1) {
    pass(1_000, 1_015);
    clock.tick();
  }
  assert.deepEqual(noticed, []);
});

test('a clock that is set is noticed before the next record is judged, forward and back', () => {
  const { clock, noticed, pass } = fakeClock();
  pass(3_600_000, 0);
  assert.equal(clock.now(), 1_003_600_000);
  pass(-7_200_000, 500);
  clock.now();
  assert.deepEqual(noticed, ['shift 3600000 at 1003600000', 'shift -7200500 at 996400000']);
});

test('a machine that slept, or a process that was stopped, is noticed as time in which nothing was heard', () => {
  const { clock, noticed, pass } = fakeClock();
  pass(600_000);
  clock.now();
  assert.deepEqual(noticed, ['skip 599000 at 1000600000']);
  pass(1_000);
  clock.tick();
  assert.equal(noticed.length, 1);
});

test('all alerts beat together: one timer, and one look at the clocks a second, and none once all are closed', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let looks = 0;
  const ticks: string[] = [];
  const beat = new AlertBeat({ wallMs: () => 1_000, steadyMs: () => ++looks });
  const clocks = ['a', 'b', 'c'].map((name) => {
    const options = { tick: () => ticks.push(name), skip: () => undefined, shift: () => undefined };
    return new AlertClock(options, beat);
  });
  for (const clock of clocks) clock.start();
  looks = 0;
  t.mock.timers.tick(2_000);
  assert.equal(ticks.join(''), 'abcabc');
  assert.equal(looks, 2);
  clocks[0]?.close();
  t.mock.timers.tick(1_000);
  assert.equal(ticks.join(''), 'abcabcbc');
  for (const clock of clocks) clock.close();
  t.mock.timers.tick(5_000);
  assert.equal(looks, 3);
});
