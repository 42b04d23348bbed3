import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DiskSettings, readSettings } from '../../../nodes/disk-stats/settings.ts';

test('readSettings() names the property that has a value it cannot have', () => {
  assert.deepEqual(readSettings({ warning: 'much' }), { wrong: 'warning' });
  assert.deepEqual(readSettings({ deadline: '0' }), { wrong: 'deadline' });
  assert.equal((readSettings({ warning: '' }) as DiskSettings).warning, undefined);
  assert.equal((readSettings({}) as DiskSettings).critical, 90);
});
