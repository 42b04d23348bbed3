// Risk: a certificate that ends unseen, or a server that cannot be asked since its TLS is old.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { buildRequest } from '../../../nodes/http-check/request/request.ts';
import { type CheckSettings, readSettings } from '../../../nodes/http-check/settings.ts';
import { selfSigned } from '../../support/certificate.ts';
import { createChain } from '../../support/certificate-chain.ts';
import { bodyText, failureOf } from '../../support/exchange.ts';
import { checkOnce, failureReason } from '../../support/http-checks.ts';
import { serveTls } from '../../support/http-servers.ts';
import { program, real } from '../../support/real.ts';

const openssl = real('openssl', program('openssl') !== undefined);

test('the days left are those of the certificate in the chain that ends first, and say whose', openssl, async (t) => {
  for (const [days, left, issuer] of [
    [{ root: 400, intermediate: 2, leaf: 90 }, 1, 'intermediate'],
    [{ root: 400, intermediate: 300, leaf: 90 }, 89, undefined],
    [{ root: 3, intermediate: 300, leaf: 90 }, 2, 'root'],
  ] as const) {
    const { ca, server } = createChain(days);
    const url = await serveTls(t, server, (_request, response) => response.end('fine'));
    const exchange = await checkOnce(url, { tls: { ca } });
    assert.deepEqual([exchange.failure, exchange.tlsDaysLeft, exchange.tlsIssuer], [undefined, left, issuer]);
    const unknown = await checkOnce(url, {});
    assert.equal(failureOf(unknown), 'tls_error in tls');
    assert.equal(unknown.tlsDaysLeft, Math.min(days.leaf, days.intermediate) - 1, 'of what the server sends');
  }
});

test('of a chain that goes on behind a known authority, that counts', openssl, async (t) => {
  const { ca: _unused, server } = createChain({ root: 400, intermediate: 300, leaf: 90 });
  const [, intermediate = ''] = server.cert.match(/-----BEGIN[\s\S]+?END CERTIFICATE-----\n/g) ?? [];
  const short = createChain({ root: 2, intermediate: 1, leaf: 1 });
  // What is sent behind the authority is not looked at.
  const sent = { cert: server.cert + short.ca, key: server.key };
  const url = await serveTls(t, sent, (_request, response) => response.end('fine'));
  const exchange = await checkOnce(url, { tls: { ca: intermediate, rejectUnauthorized: false } });
  assert.equal(exchange.tlsDaysLeft, 89, failureReason(exchange));
});

/** A server of old devices. */
function serveOld(t: TestContext, version: 'TLSv1' | 'TLSv1.1'): Promise<string> {
  const versions = { minVersion: version, maxVersion: version } as const;
  const options = { ...selfSigned(), ...versions, ciphers: 'ALL@SECLEVEL=0' };
  return serveTls(t, options, (_request, response) => response.end('old'));
}

function tlsOf(tlsMinVersion: string, url: string) {
  const settings = readSettings({ tlsMinVersion }) as CheckSettings;
  const access = { tls: { rejectUnauthorized: false }, variables: {} };
  return buildRequest(settings, {}, access, new URL(url), undefined).tls;
}

test(
  'a server of TLS 1.0 or 1.1 is asked where the dialog takes so old a version, and not else',
  openssl,
  async (t) => {
    for (const version of ['TLSv1', 'TLSv1.1'] as const) {
      const url = await serveOld(t, version);
      for (const minimum of ['', 'TLSv1.2', 'TLSv1.3'])
        assert.equal(failureOf(await checkOnce(url, { tls: tlsOf(minimum, url) })), 'tls_error in tls', minimum);
      const exchange = await checkOnce(url, { tls: tlsOf('TLSv1', url) });
      assert.equal(bodyText(exchange), 'old', failureReason(exchange));
    }
  },
);

test('a server without TLS 1.3 is refused where that is demanded', openssl, async (t) => {
  const options = { ...selfSigned(), maxVersion: 'TLSv1.2' } as const;
  const url = await serveTls(t, options, (_request, response) => response.end('new'));
  assert.equal(failureOf(await checkOnce(url, { tls: tlsOf('TLSv1.3', url) })), 'tls_error in tls');
  assert.equal(bodyText(await checkOnce(url, { tls: tlsOf('', url) })), 'new');
});
