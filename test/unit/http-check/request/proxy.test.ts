import assert from 'node:assert/strict';
import { test } from 'node:test';
import { basic, proxyFor } from '../../../../nodes/http-check/request/proxy.ts';

test('proxyFor() follows the variables and their exceptions', () => {
  const variables = {
    http_proxy: 'proxy:3128',
    HTTPS_PROXY: 'http://secure:8080',
    no_proxy: 'localhost,.corp, 10.0.0.1:81',
  };
  const host = (url: string, more = {}): string | undefined => proxyFor(new URL(url), { ...variables, ...more })?.host;
  assert.equal(host('http://example.org'), 'proxy:3128');
  assert.equal(host('https://example.org'), 'secure:8080');
  for (const url of ['http://localhost:1880', 'http://a.corp', 'http://corp', 'http://10.0.0.1:81'])
    assert.equal(host(url), undefined);
  assert.equal(host('http://10.0.0.1:82'), 'proxy:3128');
  assert.equal(host('http://notcorp'), 'proxy:3128');
  assert.equal(host('http://example.org', { no_proxy: '*' }), undefined);
  assert.equal(proxyFor(new URL('http://a'), { all_proxy: 'socks5://s:1' }), undefined);
  assert.equal(proxyFor(new URL('http://a'), {}), undefined);
});

test('basic() encodes user and password as UTF-8', () => {
  assert.equal(basic('ann', 'größe'), `Basic ${Buffer.from('ann:größe').toString('base64')}`);
});
