import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureText } from '../../../lib/figure-text.ts';
import { alertOf, valueKeyOf } from '../../../nodes/notify/alert.ts';

for (const [key, value, text] of [
  ['disk_used_percent', 29.600000001, '29.6 %'],
  ['disk_used_percent', 100, '100 %'],
  ['cpu_percent', 0.004, '0.004 %'],
  ['disk_available_bytes', 137_438_953_472, '128 GiB'],
  ['disk_available_bytes', 1_023, '1023 B'],
  ['disk_available_bytes', 1_048_575, '1 MiB'],
  ['disk_full_in_seconds', 11_520, '3 h 12 min'],
  ['check_down_seconds', 0.25, '0.25 s'],
  ['check_down_seconds', 60, '60 s'],
  ['check_down_seconds', 119.4, '119 s'],
  ['check_down_seconds', 120, '2 min'],
  ['http_response_time_ms', 1234.56, '1235 ms'],
  ['tls_days_left', 3.25, '3.25 d'],
  ['load_1m', -0, '0'],
  ['alert_value', -0.0001, '-0.0001'],
  ['alert_value', 12.3456, '12.35'],
  ['alert_value', 80.04, '80.04'],
  ['http_response_time_ms', 61_000, '61 s'],
] as const) {
  test(`${value} of ${key} is written ${text}`, () => assert.equal(figureText(key, value), text));
}

test("the unit of an alert's value is that of the key it was taken from", () => {
  const keyOf = (fields: object): string =>
    valueKeyOf(alertOf({ payload: { alert_state: 'firing', alert_name: 'n', ...fields } }, 0));
  assert.equal(
    keyOf({ alert_value: 93.1, alert_duration_seconds: 93.1, disk_used_percent: 93.1 }),
    'disk_used_percent',
  );
  assert.equal(keyOf({ alert_value: 12, disk_used_percent: 93.1 }), 'alert_value');
});
