import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePort } from '../../../lib/port.ts';

test('parsePort() takes whole numbers from 1 to 65535, as numbers or as text', () => {
  for (const [value, port] of [
    [1, 1],
    ['12201', 12_201],
    [' 65535 ', 65_535],
  ] as const)
    assert.equal(parsePort(value), port);
});

test('parsePort() refuses everything else', () => {
  for (const value of [0, '0', 65_536, '99999', '1e3', '1.5', '-1', '', 'a', undefined, null, '123456', {}])
    assert.equal(parsePort(value), undefined, String(value));
});
