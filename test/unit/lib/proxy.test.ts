import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proxyFor } from '../../../lib/proxy.ts';

const PROXY = 'http://proxy.example:3128';

for (const [exception, address, isDirect] of [
  ['', 'https://hooks.slack.com/a', false],
  ['slack.com', 'https://hooks.slack.com/a', true],
  ['.slack.com', 'https://hooks.slack.com/a', true],
  ['lack.com', 'https://hooks.slack.com/a', false],
  ['hooks.slack.com:8443', 'https://hooks.slack.com/a', false],
  ['hooks.slack.com:443', 'https://hooks.slack.com/a', true],
  ['10.0.0.0/8', 'https://10.1.2.3/a', true],
  ['10.0.0.0/8', 'https://192.0.2.3/a', false],
  ['2001:db8::/32', 'https://[2001:db8::1]/a', true],
  ['a.example, *', 'https://hooks.slack.com/a', true],
] as const) {
  test(`${address} goes ${isDirect ? 'past' : 'through'} the proxy with no_proxy "${exception}"`, () => {
    const found = proxyFor(new URL(address), { https_proxy: PROXY, no_proxy: exception });
    assert.equal(found?.origin, isDirect ? undefined : PROXY);
  });
}

test('the variable of the scheme counts, then that of all; without a scheme a proxy is http', () => {
  const variables = { HTTP_PROXY: 'a.example:1', all_proxy: 'b.example:2' };
  assert.equal(proxyFor(new URL('http://h.example'), variables)?.origin, 'http://a.example:1');
  assert.equal(proxyFor(new URL('https://h.example'), variables)?.origin, 'http://b.example:2');
  assert.equal(proxyFor(new URL('https://h.example'), {}), undefined);
});
