import assert from 'node:assert/strict';
import { test } from 'node:test';
import { momentText } from '../../../lib/moment.ts';
import { isZone } from '../../../lib/time-zone.ts';

const NOW_MS = Date.parse('2026-11-26T13:02:00Z');

for (const [zone, time, text] of [
  ['Europe/Berlin', '2026-11-26T13:02:00Z', '14:02 CET'],
  ['Europe/Berlin', '2026-07-01T13:02:00Z', '1 Jul 15:02 CEST'],
  ['Europe/Berlin', '2026-11-25T22:59:00Z', '25 Nov 23:59 CET'],
  ['Europe/Berlin', '2025-11-26T13:02:00Z', '26 Nov 2025 14:02 CET'],
  ['Europe/London', '2026-07-01T13:02:00Z', '1 Jul 14:02 BST'],
  ['America/New_York', '2026-11-26T13:02:00Z', '08:02 EST'],
  ['Asia/Kolkata', '2026-11-26T13:02:00Z', '18:32 IST'],
  ['UTC', '2026-11-26T00:00:00Z', '00:00 UTC'],
  ['Asia/Kathmandu', '2026-11-26T13:02:00Z', '18:47 UTC+5:45'],
] as const) {
  test(`${time} is ${text} in ${zone}`, () => assert.equal(momentText(zone)(Date.parse(time), NOW_MS), text));
}

test('`isZone()` knows the names of zones', () => {
  assert.ok(isZone('Europe/Berlin') && isZone('UTC'));
  assert.ok(!isZone('Mars/Base') && !isZone(''));
});
