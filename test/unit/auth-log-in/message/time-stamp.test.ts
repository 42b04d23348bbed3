import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { StampReader } from '../../../../nodes/auth-log-in/message/time-stamp.ts';
import { localTime } from '../../../../nodes/auth-log-in/message/time-zone.ts';

test('a stamp without year is of the newest year that is not ahead of the file, also when the file lives on', () => {
  const stamps = new StampReader(localTime('UTC'));
  const at = (line: string, modified: string): string | undefined => stamps.read(line, 0, Date.parse(modified));
  assert.equal(at('Dec 31 23:59:59 web1', '2027-01-01T00:00:01Z'), '2026-12-31T23:59:59.000Z');
  assert.equal(at('Jan  1 00:00:01 web1', '2027-01-01T00:00:01Z'), '2027-01-01T00:00:01.000Z');
  assert.equal(
    at('Jan  1 00:00:01 web1', '2026-12-31T23:59:59Z'),
    '2027-01-01T00:00:01.000Z',
    'a clock a little ahead',
  );
  assert.equal(at('Jun 15 12:00:00 web1', '2025-01-01T00:00:00Z'), '2024-06-15T12:00:00.000Z');
  assert.equal(
    at('Jun 15 12:00:00 web1', '2026-06-15T12:00:00Z'),
    '2026-06-15T12:00:00.000Z',
    'the same hour a year later',
  );
  assert.equal(at('Jun 15 12:59:60 web1', '2026-06-16T12:00:00Z'), '2026-06-15T13:00:00.000Z');
  for (const bad of [
    'Foo 15 12:00:00 x',
    'Jun 32 12:00:00 x',
    'Jun 15 24:00:00 x',
    'Jun 15 12:60:00 x',
    '2026-13-01T00:00:00Z x',
    '2026-02-30T00:00:00 x',
    '',
  ]) {
    assert.equal(at(bad, '2026-06-16T12:00:00Z'), undefined, bad);
  }
});

test('a stamp says the same whatever stamps came before it', () => {
  const second = fc.constantFrom('00', '01', '59', '60', '61', ' 1');
  const fraction = fc.constantFrom(
    '',
    '.5',
    '.25',
    '.999',
    '.123456',
    '.123457',
    '. 23456',
    '.12x456',
    '.1234567',
    ',5',
  );
  const zone = fc.constantFrom('Z', '+01:00', '+0100', '-05:00', '', ' ');
  const stamp = fc
    .tuple(fc.constantFrom('2026-11-24T00:00', '2026-11-24 00:00', '2026-11-23T23:59'), second, fraction, zone)
    .map(([minute, ...rest]) => `${minute}:${rest.join('')} web1`);
  const nowMs = Date.parse('2026-12-01T00:00:00Z');
  fc.assert(
    fc.property(fc.array(stamp, { minLength: 2, maxLength: 12 }), (stamps) => {
      const reader = new StampReader(localTime('UTC'));
      for (const text of stamps) {
        const fresh = new StampReader(localTime('UTC'));
        const time = fresh.read(text, 0, nowMs);
        assert.equal(reader.read(text, 0, nowMs), time, text);
        if (time !== undefined) assert.deepEqual([reader.end, reader.ms], [fresh.end, fresh.ms], text);
      }
    }),
    { numRuns: 500 },
  );
});
