import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAddress } from '../../../../nodes/auth-log-in/message/address.ts';

test('isAddress() knows IPv4 and IPv6 with a zone from names and from what is neither', () => {
  for (const text of [
    '192.0.2.7',
    '0.0.0.0',
    '::1',
    '2001:db8::7',
    'fe80::1%eth0',
    '::ffff:192.0.2.7',
    '1:2:3:4:5:6:7:8',
  ]) {
    assert.equal(isAddress(text), true, text);
  }
  for (const text of [
    '',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.7.1',
    'a.b.c.d',
    'web1',
    ':',
    'fe80::1%',
    '12345::1',
    'cafe',
  ]) {
    assert.equal(isAddress(text), false, text);
  }
});
