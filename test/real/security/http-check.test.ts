// Risk: a check trusts the wrong server, or gives a secret away.

import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { judge } from '../../../nodes/http-check/answer/result.ts';
import { selfSigned } from '../../support/certificate.ts';
import { bodyText, failureOf } from '../../support/exchange.ts';
import { checkOnce, failureReason } from '../../support/http-checks.ts';
import { serve, serveTls } from '../../support/http-servers.ts';
import { program, real } from '../../support/real.ts';

const openssl = real('openssl', program('openssl') !== undefined);

test('secrets do not follow a redirect to another server', async (t) => {
  let received: IncomingMessage['headers'] = {};
  const other = await serve(t, (request, response) => {
    received = request.headers;
    response.end();
  });
  const url = await serve(t, (_request, response) => response.writeHead(307, { location: other }).end());
  await checkOnce(url, { headers: { authorization: 'Bearer secret', 'x-mine': 'stays' } });
  assert.deepEqual([received.authorization, received['x-mine']], [undefined, 'stays']);
});

test(
  'a certificate that has ended, is self-signed or of another name is tls_error with its days, and nothing is sent',
  openssl,
  async (t) => {
    let requests = 0;
    const cases = [
      { certificate: selfSigned(undefined, -3), trusted: true, reason: /EXPIRED/, days: -3 },
      { certificate: selfSigned(undefined, 30), trusted: false, reason: /SELF_SIGNED/, days: 30 },
      {
        certificate: selfSigned('DNS:other.example.org', 12),
        trusted: true,
        reason: /ALTNAME|altnames/i,
        days: 12,
      },
    ];
    for (const { certificate, trusted, reason, days } of cases) {
      const url = await serveTls(t, certificate, (_request, response) => {
        requests += 1;
        response.end();
      });
      const exchange = await checkOnce(url, { tls: trusted ? { ca: certificate.cert } : {}, family: 4 });
      assert.equal(failureOf(exchange), 'tls_error in tls');
      assert.match(failureReason(exchange), reason);
      assert.equal(exchange.tlsDaysLeft, days);
    }
    assert.equal(requests, 0);
  },
);

test('a certificate of a trusted authority is success, with its days on a failing check too', openssl, async (t) => {
  const certificate = selfSigned(undefined, 30);
  const url = await serveTls(t, certificate, (_request, response) => response.writeHead(500).end('broken'));
  const exchange = await checkOnce(url, { tls: { ca: certificate.cert } });
  assert.deepEqual([exchange.failure, exchange.responseCode, exchange.tlsDaysLeft], [undefined, 500, 30]);
  const verdict = await judge(exchange, 'broken', { accept: [[200, 299]], maxTimeMs: undefined }, undefined, String);
  assert.equal(verdict?.type, 'status_mismatch');
});

test('a server that speaks no TLS is tls_error', async (t) => {
  const url = await serve(t, (_request, response) => response.end());
  const exchange = await checkOnce(url.replace('http:', 'https:'));
  assert.equal(failureOf(exchange), 'tls_error in tls');
  assert.match(failureReason(exchange), /^[\w ]+$/);
});

test('a missing client certificate is tls_error', openssl, async (t) => {
  const certificate = selfSigned();
  const demanding = { ...certificate, requestCert: true, ca: certificate.cert };
  const url = await serveTls(t, demanding, (_request, response) => response.end('in'));
  const without = await checkOnce(url, { tls: { ca: certificate.cert } });
  assert.equal(without.failure?.type, 'tls_error');
  const { key, cert } = certificate;
  assert.equal(bodyText(await checkOnce(url, { tls: { ca: cert, key, cert } })), 'in');
});
