import assert from 'node:assert/strict';
import { test } from 'node:test';
import { basic, basicOf, proxyFor } from '../../../lib/proxy.ts';

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
  assert.equal(proxyFor(new URL('http://a'), {}), undefined);
});

test('basic() encodes user and password as UTF-8', () => {
  assert.equal(basic('ann', 'größe'), `Basic ${Buffer.from('ann:größe').toString('base64')}`);
});

test('proxyFor() takes addresses of no_proxy with and without brackets, with ports, and as networks', () => {
  const isDirect = (url: string, no_proxy: string): boolean =>
    proxyFor(new URL(url), { http_proxy: 'proxy:3128', no_proxy }) === undefined;
  for (const entry of ['::1', '[::1]', '[::1]:8080', '0:0:0:0:0:0:0:1', '::/64', '[::]/64', '[::1]/128'])
    assert.equal(isDirect('http://[::1]:8080/', entry), true, entry);
  for (const entry of ['[::1]:80', '::2', 'fe80::/10', '1', ':1'])
    assert.equal(isDirect('http://[::1]:8080/', entry), false, entry);
  for (const entry of ['127.0.0.0/8', '127.0.0.1', '127.0.0.1:81', '127.0.0.1/32', '0.0.0.0/0'])
    assert.equal(isDirect('http://127.0.0.1:81/', entry), true, entry);
  for (const entry of [
    '127.0.0.2/32',
    '127.0.0.1:80',
    '0.0.1',
    '1',
    '.1',
    '127.0.0.0/33',
    '127.0.0.0/',
    '127.0.0.0/x',
    '::/0',
  ])
    assert.equal(isDirect('http://127.0.0.1:81/', entry), false, entry);
  assert.equal(isDirect('http://10.1.2.3/', '10.1.0.0/22'), true);
  assert.equal(isDirect('http://10.1.4.3/', '10.1.0.0/22'), false);
  for (const [url, entry] of [
    ['http://www.example.com/', 'example.com'],
    ['http://example.com./', 'example.com'],
    ['http://example.com/', 'EXAMPLE.com.'],
    ['http://example.com/', '.example.com'],
    ['http://www.example.com/', '*.example.com'],
    ['http://example.com:80/', 'a b,example.com:80'],
  ] as const)
    assert.equal(isDirect(url, entry), true, entry);
  for (const entry of ['www.example.com', 'ample.com', '', '.', ',', 'example.*']) {
    assert.equal(isDirect('http://example.com/', entry), false, entry);
  }
});

test('basicOf() decodes what decodes, and leaves a `%` of a password as it is', () => {
  const sent = (userInfo: string): string =>
    Buffer.from(basicOf(new URL(`http://${userInfo}@host/`))?.slice(6) ?? '', 'base64').toString();
  assert.equal(sent('user:50%'), 'user:50%');
  assert.equal(sent('user:100%zz%41'), 'user:100%zzA');
  assert.equal(sent('a%40b:p%C3%B6%FF%C3%28'), 'a@b:pö%FF%C3(');
  assert.equal(sent(':token'), ':token');
  assert.equal(basicOf(new URL('http://host/')), undefined);
});

test('a proxy that cannot be used is said, without its value, unless no_proxy leaves it out', () => {
  const url = new URL('http://a/');
  for (const scheme of ['socks5:', 'socks5h:', 'socks4:', 'ftp:'])
    assert.throws(() => proxyFor(url, { all_proxy: `${scheme}//ann:MARKED@s:1` }), {
      code: 'PROXY_UNSUPPORTED',
      values: { variable: 'all_proxy', scheme },
    });
  assert.throws(() => proxyFor(url, { HTTP_PROXY: 'http://s:port' }), {
    code: 'BAD_PROXY',
    values: { variable: 'http_proxy' },
  });
  assert.equal(proxyFor(url, { all_proxy: 'socks5://s:1', no_proxy: 'a' }), undefined);
  assert.equal(proxyFor(url, { all_proxy: 'socks5://s:1', http_proxy: 's:2' })?.host, 's:2');
});
