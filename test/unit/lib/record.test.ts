import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Envelope, record, Severity } from '../../../lib/record.ts';

const envelope: Envelope = {
  log_type: 'uptime',
  time: '2026-11-23T12:00:00.000Z',
  host: 'web-1',
  level: Severity.info,
  message: 'up 3 d',
  event_id: 'uptime-web-1-1',
};

test('`record()` puts the envelope around the fields', () => {
  assert.deepEqual(record(envelope, { load_1m: 0.5, signal: 'SIGKILL' }), {
    ...envelope,
    load_1m: 0.5,
    signal: 'SIGKILL',
  });
});

test('`record()` leaves out the key of an absent value', () => {
  assert.deepEqual(Object.keys(record(envelope, { users: undefined })), Object.keys(envelope));
});

test('`record()` leaves out numbers that are not finite, and keeps 0 and the empty text', () => {
  const fields = { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: 0, d: '' };
  assert.deepEqual(record(envelope, fields), { ...envelope, c: 0, d: '' });
});

test('`record()` leaves the envelope it was given as it is', () => {
  const given = Object.freeze({ ...envelope });
  record(given, { load_1m: 1 });
  assert.deepEqual(given, envelope);
});
