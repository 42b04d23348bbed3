import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nanosOf, sinceNanos, stampOf } from '../../../../lib/docker/time.ts';

test('times keep all nine decimals', () => {
  assert.equal(nanosOf('2026-11-23T18:00:00.123456789Z'), '1795456800123456789');
  assert.equal(nanosOf('2026-11-23T20:00:00.1+02:00'), '1795456800100000000');
  assert.equal(nanosOf('yesterday'), undefined);
  assert.equal(stampOf('2026-11-23T18:00:00Z'), '2026-11-23T18:00:00.000000000Z');
  assert.equal(sinceNanos('1795456800123456789', 2), '1795456798.123456789');
});
