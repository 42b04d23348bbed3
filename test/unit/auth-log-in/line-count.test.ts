import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineCount } from '../../../nodes/auth-log-in/line-count.ts';

function counting(): { count: LineCount; reports: string[] } {
  const reports: string[] = [];
  const report = (state: string, key: string, args: object = {}): number =>
    reports.push(`${state} ${key} ${JSON.stringify(args)}`);
  return { count: new LineCount({ report }, (timeMs) => `${timeMs}:00`), reports };
}

test('a log that is followed says that no line came yet, shows its lines, and later only when they have changed', () => {
  const { count, reports } = counting();
  count.report('ok', 'status.following', { log: 'a' });
  count.show();
  count.add(2, 7);
  count.report('ok', 'status.following', { log: 'a' });
  assert.deepEqual(reports, ['ok status.noLine {"log":"a","lines":0}']);
  count.show();
  assert.deepEqual(reports.slice(1), ['ok status.lines {"log":"a","lines":2,"time":"7:00"}']);
});

test('while a log cannot be read the fault stays, and the count comes back after it', () => {
  const { count, reports } = counting();
  count.report('ok', 'status.following', { log: 'a' });
  count.report('fault', 'status.missing', { log: 'a' });
  count.add(1, 7);
  count.show();
  assert.deepEqual(reports.slice(1), ['fault status.missing {"log":"a"}']);
  count.report('ok', 'status.following', { log: 'a' });
  assert.deepEqual(reports.slice(2), ['ok status.oneLine {"log":"a","lines":1,"time":"7:00"}']);
});

test('while it is paused it shows for whom, a fault of the log before that, and the count when it goes on', () => {
  const { count, reports } = counting();
  count.pause('main');
  count.report('ok', 'status.following', { log: 'a' });
  count.report('fault', 'status.missing', { log: 'a' });
  count.show();
  count.report('ok', 'status.following', { log: 'a' });
  count.add(1, 7);
  count.pause(undefined);
  assert.deepEqual(reports, [
    'warning status.paused {"servers":"main"}',
    'fault status.missing {"log":"a"}',
    'warning status.paused {"servers":"main"}',
    'ok status.oneLine {"log":"a","lines":1,"time":"7:00"}',
  ]);
});

test('while lines go on slower than they are read it says so beside their count, but for a pause or a fault', () => {
  const { count, reports } = counting();
  count.report('ok', 'status.following', { log: 'a' });
  count.add(5, 7);
  count.slow(true);
  count.pause('main');
  count.pause(undefined);
  count.slow(false);
  assert.deepEqual(reports.slice(1), [
    'warning status.slowed {"log":"a","lines":5}',
    'warning status.paused {"servers":"main"}',
    'warning status.slowed {"log":"a","lines":5}',
    'ok status.lines {"log":"a","lines":5,"time":"7:00"}',
  ]);
});

test('a log that is mounted alone shows its count with that, until it is rotated away', () => {
  const { count, reports } = counting();
  count.report('ok', 'status.following', { log: 'a' });
  count.report('warning', 'status.mounted', { log: 'a' });
  count.add(3, 7);
  count.show();
  count.report('fault', 'status.movedAway', { log: 'a' });
  count.add(1, 7);
  count.show();
  assert.deepEqual(reports.slice(1), [
    'warning status.mounted {"log":"a","lines":0}',
    'warning status.mounted {"log":"a","lines":3}',
    'fault status.movedAway {"log":"a"}',
  ]);
});
