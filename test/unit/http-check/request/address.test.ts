import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addressBytes, isInside, isWithin, parseNetwork } from '../../../../nodes/http-check/request/address.ts';

test('isInside() knows this host and the networks around it, whatever way the address is written', () => {
  const inside = `0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.9.9.9 169.254.169.254
    172.16.0.1 172.31.255.255 192.168.1.1 :: ::1 [::1] fc00::1 fdff:: fe80::1 fe80::1%eth0 febf::1 fec0::1
    ::ffff:127.0.0.1 ::ffff:7f00:1 ::FFFF:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0:10.0.0.1 ::127.0.0.1 64:ff9b::10.0.0.1
    2002:7f00:1:: 2002:c0a8:101::1 name 1.2.3 300.1.1.1`;
  for (const address of inside.split(/\s+/)) assert.equal(isInside(address), true, address);
  const outside = `1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255
    169.255.0.0 172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0 203.0.113.80 2001:db8::1 2606:4700::1111 fbff::1
    fe00::1 ::ffff:1.1.1.1 64:ff9b::101:101 2002:101:101::1`;
  for (const address of outside.split(/\s+/)) assert.equal(isInside(address), false, address);
});

test('parseNetwork() reads networks and addresses, and refuses the rest', () => {
  assert.deepEqual(parseNetwork('10.0.0.0/8'), { bytes: [10, 0, 0, 0], bits: 8 });
  assert.equal(parseNetwork('::1')?.bits, 128);
  for (const text of ['10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/-1', '10.0.0.0/8/8', 'a/8', ''])
    assert.equal(parseNetwork(text), undefined, text);
});

test('an address is within its own network of every length', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(128), (text, bits) => {
      const bytes = addressBytes(text);
      assert.ok(bytes !== undefined && (bytes.length === 4 || bytes.length === 16), text);
      assert.equal(isWithin(bytes, { bytes, bits: Math.min(bits, bytes.length * 8) }), true);
    }),
  );
});
