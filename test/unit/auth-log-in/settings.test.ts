import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFile, isStart, isZoneName, readSettings } from '../../../nodes/auth-log-in/settings.ts';

const nothing = (): undefined => undefined;

test('settings have a default for what is missing and name what cannot be used', () => {
  const settings = readSettings({}, nothing);
  assert.ok('isWanted' in settings);
  assert.deepEqual(
    [settings.file, settings.start, settings.zone, settings.rawLine],
    [undefined, 'checkpoint', '', false],
  );
  assert.deepEqual(readSettings({ zone: 'Europe/Nowhere' }, nothing), { property: 'zone', value: 'Europe/Nowhere' });
  assert.deepEqual(readSettings({ start: 'middle' }, nothing), { property: 'start', value: 'middle' });
  assert.deepEqual(
    readSettings({}, () => 'auth.log'),
    { property: 'file', value: 'auth.log' },
  );
  const fromEnvironment = readSettings({ file: ' ' }, (name) => (name === 'AUTH_LOG' ? '/x/auth.log' : undefined));
  assert.equal('file' in fromEnvironment && fromEnvironment.file, '/x/auth.log');
  assert.deepEqual(['', 'journal', '/var/log/secure', 'x'].map(isFile), [true, true, true, false]);
  assert.deepEqual(['end', undefined, 'x'].map(isStart), [true, true, false]);
  assert.deepEqual(['', 'UTC', '+02:00', 'Europe/Berlin', '+25', 'x'].map(isZoneName), [
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
});
