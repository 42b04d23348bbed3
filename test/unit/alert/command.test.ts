import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCommand, parseSilence } from '../../../nodes/alert/command.ts';

test('a silence is a whole number of minutes, hours or days, at most 30 of those', () => {
  for (const [text, minutes] of [
    ['90m', 90],
    ['5 min', 5],
    ['2h', 120],
    ['30d', 43_200],
  ] as const)
    assert.equal(parseSilence(text), minutes * 60_000);
  for (const wrong of [
    '',
    '2',
    '2H',
    '-1h',
    '1.5h',
    '0h',
    '31d',
    'tomorrow',
    '2026-11-26',
    true,
    7_200_000,
    null,
    ['2h'],
  ])
    assert.equal(parseSilence(wrong), undefined, String(wrong));
});

test('a command has one thing to do, and perhaps a key', () => {
  assert.deepEqual(parseCommand({ silence: '2h' }), { action: 'silence', ms: 7_200_000, key: undefined });
  assert.deepEqual(parseCommand({ acknowledge: true, alert_key: 'web' }), { action: 'acknowledge', key: 'web' });
  const wrong = [true, 'silence', null, {}, { wake: 1 }, { wake: true, silence: '2h' }, { wake: true, alert_key: 7 }];
  for (const value of wrong) assert.throws(() => parseCommand(value), { code: 'ALERT_COMMAND' });
  assert.throws(() => parseCommand({ silence: true }), { code: 'ALERT_SILENCE' });
});
