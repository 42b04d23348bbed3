import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAllowed, readSettings, toldMs } from '../../../nodes/record-filter/settings.ts';
import { settingsOf } from '../../support/record-filter.ts';

test('nothing at all is a filter that keeps everything', () => {
  assert.deepEqual(readSettings({}), { action: 'keep', rules: { mode: 'all', rules: [] }, limit: undefined });
});

test('a limit is a whole number in a time of seconds, minutes or hours', () => {
  const { limit } = settingsOf({ atMost: ' 50 ', per: '2', perUnit: 'min', each: ' container_name ' });
  assert.deepEqual(limit, { most: 50, windowMs: 120_000, each: 'container_name' });
  assert.deepEqual(settingsOf({ atMost: 50 }).limit, { most: 50, windowMs: 1_000, each: '' });
  assert.equal(settingsOf({ atMost: '', per: 'often' }).limit, undefined);
});

test('what cannot be is named', () => {
  for (const [config, wrong] of [
    [{ action: 'hide' }, 'action'],
    [{ atMost: '0' }, 'atMost'],
    [{ atMost: '1.5' }, 'atMost'],
    [{ atMost: '1,5' }, 'atMost'],
    [{ atMost: 'often' }, 'atMost'],
    [{ atMost: '1', per: '0' }, 'per'],
    [{ atMost: '1', per: '169', perUnit: 'h' }, 'per'],
    [{ atMost: '1', perUnit: 'constructor' }, 'perUnit'],
    [{ atMost: '1', each: {} }, 'each'],
  ] as const) {
    assert.deepEqual(readSettings(config), { wrong });
  }
  assert.throws(() => readSettings({ rules: 7 }), { code: 'RULES_MALFORMED' });
});

test('the dialog checks each value by itself', () => {
  assert.equal(isAllowed('per', { per: 'often' }), false);
  assert.equal(isAllowed('per', { per: '5' }), true);
  assert.equal(isAllowed('atMost', { atMost: '' }), true);
  assert.equal(isAllowed('atMost', { atMost: 'often' }), false);
});

test('what was dropped is told once a window, and no more often than once a minute', () => {
  assert.equal(toldMs(settingsOf({})), 60_000);
  assert.equal(toldMs(settingsOf({ atMost: '1', per: '1', perUnit: 's' })), 60_000);
  assert.equal(toldMs(settingsOf({ atMost: '1', per: '1', perUnit: 'h' })), 3_600_000);
});
