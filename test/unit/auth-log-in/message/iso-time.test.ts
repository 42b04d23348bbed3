import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { IsoTime } from '../../../../nodes/auth-log-in/message/iso-time.ts';

test('textOf() gives what toISOString() gives, whatever time came before', () => {
  const first = Date.UTC(2026, 10, 24, 10);
  const near = fc.integer({ min: first - 7_200_000, max: first + 7_200_000 });
  const any = fc.date({ noInvalidDate: true }).map((date) => date.getTime());
  const odd = fc.constantFrom(
    0,
    -1,
    first - 1,
    Date.UTC(9999, 11, 31, 23, 59, 59, 999),
    253_402_300_800_000,
    -62_167_219_200_001,
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(near, any, odd), { minLength: 1 }), (times) => {
      const iso = new IsoTime();
      for (const ms of times) assert.equal(iso.textOf(ms), new Date(ms).toISOString());
    }),
  );
});
