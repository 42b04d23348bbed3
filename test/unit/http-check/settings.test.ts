import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CheckSettings, isMatch, readSettings } from '../../../nodes/http-check/settings.ts';

function settings(config: object = {}): CheckSettings {
  const read = readSettings(config);
  if ('wrong' in read) throw new Error(read.wrong);
  return read;
}

test('readSettings() names the property that has a value it cannot have', () => {
  const wrong = {
    url: 'ftp://a',
    accept: 'all',
    timeout: '0',
    retries: '1.5',
    headers: 'x',
    method: 'TRACE',
    family: '5',
    interval: '-1',
  };
  for (const [name, value] of Object.entries(wrong)) assert.deepEqual(readSettings({ [name]: value }), { wrong: name });
  assert.deepEqual(readSettings({ matchType: 'matches', match: '(' }), { wrong: 'match' });
  assert.equal(isMatch('contains', ''), false);
  const { timeoutMs, retries, bodyLimit, intervalMs, maxTimeMs } = settings();
  assert.deepEqual([timeoutMs, retries, bodyLimit, intervalMs, maxTimeMs], [10_000, 2, 1_048_576, 60_000, undefined]);
});

test('readSettings() takes a placeholder that was left over for a property that is not set', () => {
  const left = `\${NOT_SET}`;
  const { timeoutMs, method, intervalMs, maxTimeMs } = settings({
    timeout: left,
    method: left,
    interval: left,
    maxTime: '',
  });
  assert.deepEqual([timeoutMs, method, intervalMs, maxTimeMs], [10_000, 'GET', 60_000, undefined]);
});

test('readSettings() prefers header lines and body of the credentials, and reads those of a flow of 0.1.0', () => {
  const old = { headers: 'X-Old: 1', body: 'old' };
  const read = (config: object, credentials?: object): unknown[] => {
    const { headers, body } = readSettings(config, credentials) as CheckSettings;
    return [headers, body];
  };
  assert.deepEqual(read(old), [{ 'x-old': '1' }, 'old']);
  assert.deepEqual(read(old, { headers: 'X-New: 2', body: 'new' }), [{ 'x-new': '2' }, 'new']);
  assert.deepEqual(read({ headers: '', body: '' }, { user: 'ann' }), [{}, '']);
  assert.deepEqual(readSettings({}, { headers: 'none' }), { wrong: 'headers' });
});
