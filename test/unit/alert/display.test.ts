import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertDisplay, type DisplayOptions } from '../../../nodes/alert/display.ts';
import { readSettings } from '../../../nodes/alert/settings.ts';
import { AlertBench, alertWords, MINUTE } from '../../support/alert-bench.ts';

const STATE = { kind: 'state', field: 's', bad: 'bad', good: 'good', each: [], only: { mode: 'all', rules: [] } };

/** What stands under an alert of this configuration. */
function display(config: object, options: Partial<DisplayOptions> = {}) {
  const bench = new AlertBench(config);
  const texts: string[] = [];
  const shown = new AlertDisplay({
    settings: readSettings({ name: 'x', ...config }, 'UTC'),
    core: bench.core,
    schedule: { isSilent: () => false, endOf: () => 0 },
    isWired: true,
    zone: 'UTC',
    isHeld: () => false,
    isPaused: () => false,
    show: ({ key, args }) => texts.push(alertWords(`status.${key}`, args)),
    ...options,
  });
  const textNow = (): string | undefined => {
    shown.update(bench.nowMs);
    return texts.at(-1);
  };
  return { bench, shown, texts, textNow };
}

test('a test is shown for ten seconds, and then what is so', () => {
  const { bench, shown, texts, textNow } = display(STATE);
  shown.tested(bench.nowMs);
  assert.deepEqual(texts, [alertWords('status.tested')]);
  bench.nowMs += 9_999;
  assert.equal(textNow(), alertWords('status.tested'));
  bench.nowMs += 1;
  assert.equal(textNow(), alertWords('status.waiting'));
});

test('the end of a scheduled silence is looked for once for each silence', () => {
  const looked: number[] = [];
  let endMs = 0;
  const schedule = {
    isSilent: (atMs: number) => atMs < endMs,
    endOf: (atMs: number) => {
      looked.push(atMs);
      return endMs;
    },
  };
  const { bench, textNow } = display(STATE, { schedule });
  const startMs = bench.nowMs;
  endMs = startMs + 2 * MINUTE;
  assert.equal(textNow(), alertWords('status.silent', { time: '12:02' }));
  bench.nowMs += MINUTE;
  assert.equal(textNow(), alertWords('status.silent', { time: '12:02' }));
  bench.nowMs += MINUTE;
  assert.equal(textNow(), alertWords('status.waiting'));
  endMs = bench.nowMs + MINUTE;
  assert.equal(textNow(), alertWords('status.silent', { time: '12:03' }));
  assert.deepEqual(looked, [startMs, startMs + 2 * MINUTE]);
});

test('a silence by hand is said before one by the schedule', () => {
  const { bench, textNow } = display(STATE, {
    schedule: { isSilent: () => true, endOf: () => Number.POSITIVE_INFINITY },
  });
  assert.equal(textNow(), alertWords('status.alwaysSilent'));
  bench.command({ silence: '1h' });
  assert.equal(textNow(), alertWords('status.silent', { time: '13:00' }));
});

test('that sources pause is said only where the rule is about silence', () => {
  const isPaused = (): boolean => true;
  const absence = { ...STATE, kind: 'absence', absentSeconds: '300' };
  assert.equal(display(STATE, { isPaused }).textNow(), alertWords('status.waiting'));
  assert.equal(display(absence, { isPaused }).textNow(), alertWords('status.paused'));
});

test('how far a count is, and when a state rings that lasts, is said of the first', () => {
  const count = { ...STATE, kind: 'count', each: ['ip'], threshold: '4', windowSeconds: '600', endSeconds: '600' };
  const counted = display(count);
  for (let n = 0; n < 3; n += 1) counted.bench.take({ ip: '192.0.2.1' });
  assert.equal(counted.textNow(), alertWords('status.nearingKey', { value: '3', limit: '4', key: '192.0.2.1' }));
  const lasting = display({ ...STATE, forSeconds: '300' });
  lasting.bench.take({ s: 'bad' });
  assert.equal(lasting.textNow(), alertWords('status.due', { time: '12:05' }));
});
