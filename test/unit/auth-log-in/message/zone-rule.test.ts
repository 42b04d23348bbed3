import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseZoneRule } from '../../../../nodes/auth-log-in/message/zone-rule.ts';

/** The hours that a rule is ahead of UTC in the middle of January and of July, and in the hours around a change. */
function hours(rule: string, ...times: string[]): number[] | undefined {
  const offsetAt = parseZoneRule(rule);
  return offsetAt && times.map((time) => offsetAt(Date.parse(time)) / 3_600_000);
}

test('parseZoneRule() reads the rules of both halves of the world', () => {
  const [winter, summer] = ['2026-01-15T00:00:00Z', '2026-07-15T00:00:00Z'];
  assert.deepEqual(hours('CET-1CEST,M3.5.0,M10.5.0/3', winter, summer), [1, 2]);
  assert.deepEqual(hours('EST5EDT,M3.2.0,M11.1.0', winter, summer), [-5, -4]);
  assert.deepEqual(hours('EST5EDT', winter, summer), [-5, -4]);
  assert.deepEqual(hours('AEST-10AEDT,M10.1.0,M4.1.0/3', winter, summer), [11, 10]);
  assert.deepEqual(hours('<+0330>-3:30', winter, summer), [3.5, 3.5]);
  assert.deepEqual(hours('JST-9', winter, summer), [9, 9]);
  assert.deepEqual(hours('XXX1YYY,J60/0,300/0', '2028-03-01T00:30:00Z', '2028-03-01T01:30:00Z'), [-1, 0]);
});

test('parseZoneRule() changes at the hour', () => {
  const change = ['2026-03-29T00:59:59Z', '2026-03-29T01:00:00Z', '2026-10-25T00:59:59Z', '2026-10-25T01:00:00Z'];
  assert.deepEqual(hours('CET-1CEST,M3.5.0,M10.5.0/3', ...change), [1, 2, 2, 1]);
});

test('parseZoneRule() refuses what is no rule', () => {
  for (const text of ['', 'Europe/Berlin', 'CET', 'CET-1CEST,M13', 'CET-1CEST,x,y', ':x'])
    assert.equal(parseZoneRule(text), undefined, text);
});
