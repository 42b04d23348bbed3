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
