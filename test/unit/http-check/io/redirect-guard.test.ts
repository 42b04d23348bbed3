import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Resolver } from '../../../../lib/io/resolver.ts';
import { RedirectGuard } from '../../../../nodes/http-check/io/redirect-guard.ts';

const NAMES: { [name: string]: string[] } = {
  'outside.test': ['203.0.113.80'],
  'inside.test': ['10.0.0.7'],
  'both.test': ['203.0.113.80', '10.0.0.7'],
};

const resolver = new Resolver({
  hostsFile: '/dev/null',
  lookup: async (name) => {
    const addresses = NAMES[name];
    if (addresses === undefined) throw Object.assign(new Error(name), { code: 'ENOTFOUND' });
    return addresses.map((address) => ({ address, family: 4 }));
  },
});

function guard(first: string): RedirectGuard {
  return new RedirectGuard(new URL(first), resolver);
}

const INSIDE = [{ address: '127.0.0.1', family: 4 }];
const refused = { code: 'REDIRECT_INSIDE', values: { host: 'a.test' } };

test('a redirect is judged by the addresses it is about to be connected to, and by what the first was connected to', async () => {
  const checks = guard('http://both.test/');
  checks.begin('203.0.113.80');
  await checks.admit(new URL('http://a.test/'), [{ address: '203.0.113.81', family: 4 }]);
  await assert.rejects(checks.admit(new URL('http://a.test/'), INSIDE), refused);
  await assert.rejects(
    checks.admit(new URL('http://a.test/'), [{ address: '203.0.113.81', family: 4 }, ...INSIDE]),
    refused,
  );
  checks.begin('10.0.0.7');
  await checks.admit(new URL('http://a.test/'), INSIDE);
});

test('through a proxy the names are judged as well as this host knows them', async () => {
  const checks = guard('http://outside.test/');
  for (const url of [
    'http://inside.test/',
    'http://both.test/',
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://localhost/',
  ])
    await assert.rejects(checks.admitProxied(new URL(url)), { code: 'REDIRECT_INSIDE' }, url);
  for (const url of ['http://outside.test/', 'http://only-the-proxy-knows.test/', 'http://203.0.113.9/'])
    await checks.admitProxied(new URL(url));
  await guard('http://inside.test/').admitProxied(new URL('http://127.0.0.1/'));
  for (const first of ['http://both.test/', 'http://unknown.test/'])
    await assert.rejects(guard(first).admitProxied(new URL('http://127.0.0.1/')), { code: 'REDIRECT_INSIDE' }, first);
});
