import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Dropped } from '../../../../nodes/record-filter/counts.ts';
import { compileRows } from '../../../../nodes/record-filter/io/compile-rows.ts';
import { CountingFilter } from '../../../../nodes/record-filter/io/counting-filter.ts';
import { readSettings, toldMs } from '../../../../nodes/record-filter/settings.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const DROPS = {
  action: 'drop',
  rules: { mode: 'all', rules: [{ field: 'level', operator: 'is', value: '7' }] },
};

/** A filter that drops what has level 7, in this user directory. */
function filterIn(userDir: string) {
  const settings = readSettings(DROPS as never);
  assert.ok(!('wrong' in settings));
  const told: Dropped[] = [];
  const shown: string[] = [];
  const filter = new CountingFilter({
    userDir,
    id: 'a',
    settings,
    rules: compileRows(settings.rules),
    tell: (dropped) => told.push(dropped),
    show: (passed, total) => shown.push(`${passed} of ${total}`),
  });
  return { filter, told, shown, windowMs: toldMs(settings) };
}

const mocked = (t: TestContext): void => t.mock.timers.enable({ apis: ['setTimeout'] });

test('what was dropped is told at the end of its window, once, and what passed is shown', async (t) => {
  mocked(t);
  const { filter, told, shown, windowMs } = filterIn(temporaryFolder());
  assert.deepEqual([filter.passes({ level: 6 }, 0), filter.passes({ level: 7 }, 0)], [true, false]);
  filter.scheduleShow();
  t.mock.timers.tick(1_000);
  assert.deepEqual(shown, ['1 of 2']);
  t.mock.timers.tick(windowMs);
  assert.deepEqual(told, [{ key: undefined, count: 1, reason: 'rules' }]);
  t.mock.timers.tick(2 * windowMs);
  assert.equal(told.length, 1);
  await filter.close(true);
});

test('what was not told before a Deploy is told after it, and nothing of a node that is gone', async (t) => {
  mocked(t);
  const userDir = temporaryFolder();
  const before = filterIn(userDir);
  before.filter.passes({ level: 7 }, 0);
  await before.filter.close(false);
  t.mock.timers.tick(before.windowMs);
  assert.deepEqual(before.told, []);
  const after = filterIn(userDir);
  t.mock.timers.tick(after.windowMs);
  assert.deepEqual(after.told, [{ key: undefined, count: 1, reason: 'rules' }]);
  after.filter.passes({ level: 7 }, 0);
  await after.filter.close(true);
  const again = filterIn(userDir);
  t.mock.timers.tick(again.windowMs);
  assert.deepEqual(again.told, []);
  await again.filter.close(true);
});
