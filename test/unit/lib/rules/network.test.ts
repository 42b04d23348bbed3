import assert from 'node:assert/strict';
import { BlockList, isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { networkTest } from '../../../../lib/rules/network.ts';

const v4 = fc.ipV4();
const v6 = fc.ipV6();

test('an address is in a network where Node.js says so', () => {
  const oneOf = (address: fc.Arbitrary<string>, width: number, kind: 'ipv4' | 'ipv6') =>
    fc.record({ base: address, other: address, length: fc.integer({ min: 0, max: width }), kind: fc.constant(kind) });
  fc.assert(
    fc.property(fc.oneof(oneOf(v4, 32, 'ipv4'), oneOf(v6, 128, 'ipv6')), ({ base, other, length, kind }) => {
      fc.pre(isIP(base) !== 0 && isIP(other) !== 0 && !/\./.test(kind === 'ipv6' ? base + other : ''));
      const list = new BlockList();
      list.addSubnet(base, length, kind);
      const isIn = networkTest(`${base}/${length}`);
      assert.equal(isIn?.(other), list.check(other, kind), `${other} in ${base}/${length}`);
      assert.equal(isIn?.(base), true);
    }),
    { numRuns: 500 },
  );
});

test('a network takes exactly what Node.js takes as an address', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcdef:.'), maxLength: 24 }), (text) => {
      assert.equal(networkTest(text) !== undefined, isIP(text) !== 0, text);
    }),
    { numRuns: 2000 },
  );
});

test('one client under its two spellings is in the same network', () => {
  const isIn = networkTest('203.0.113.0/24, 2001:db8::/32');
  for (const address of ['203.0.113.7', '::ffff:203.0.113.7', '2001:db8::1', '2001:db8::1%eth0'])
    assert.equal(isIn?.(address), true, address);
  for (const address of ['203.0.114.7', '2001:db9::1', 'web1', '', '203.0.113.07', '203.0.113.7.1'])
    assert.equal(isIn?.(address), false, address);
});

test('what is no network is none', () => {
  for (const text of [
    '',
    '192.0.2.0/33',
    '192.0.2.0/-1',
    '192.0.2.0/',
    '192.0.2',
    '192.0.2.0/24,',
    '::/129',
    'host',
    '1::2::3',
  ])
    assert.equal(networkTest(text), undefined, text);
});
