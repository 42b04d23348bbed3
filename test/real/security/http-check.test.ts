// Risk: a check trusts the wrong server, or gives a secret away.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { checkRecord, judge } from '../../../nodes/http-check/answer/result.ts';
import { applyResult, INITIAL } from '../../../nodes/http-check/state.ts';
import { selfSigned } from '../../support/certificate.ts';
import { bodyText, failureOf } from '../../support/exchange.ts';
import { checkOnce, failureReason } from '../../support/http-checks.ts';
import { serve, serveTls } from '../../support/http-servers.ts';
import { httpWords } from '../../support/http-words.ts';
import { program, real } from '../../support/real.ts';

const openssl = real('openssl', program('openssl') !== undefined);

/** A server that keeps all that it received as one text. */
async function listener(t: TestContext): Promise<{ url: string; received(): string }> {
  const seen: string[] = [];
  const url = await serve(t, async (request, response) => {
    seen.push(`${request.method} ${request.url}`, ...request.rawHeaders);
    for await (const chunk of request) seen.push(String(chunk));
    response.end('the page of another origin');
  });
  return { url, received: () => seen.join('\n') };
}

test('nothing of the dialog follows a redirect to another server, whose page is not kept', async (t) => {
  const { url: other, received } = await listener(t);
  const location = `${other}/?token=MARKED`;
  const url = await serve(t, (_request, response) => response.writeHead(307, { location }).end());
  const headers = { authorization: 'Bearer MARKED', 'x-api-key': 'MARKED', cookie: 'a=MARKED' };
  const exchange = await checkOnce(url, { method: 'POST', headers, body: 'MARKED' });
  assert.match(received(), /^POST \/\?token=MARKED\n(?!.*MARKED)/s);
  assert.deepEqual([exchange.isForeign, exchange.finalUrl], [true, `${other}/?token=…`]);
  const verdict = applyResult(INITIAL, true, 0, { retries: 0, resend: 0 });
  const context = { name: 'web', host: 'host', nowMs: 0, tlsWarnDays: undefined, keepBody: 1_000 };
  const record = checkRecord(exchange, 'the page of another origin', undefined, verdict, context, httpWords);
  assert.equal(record.http_response_body, undefined);
  assert.match(record.message, new RegExp(`from ${other}/\\?token=…$`));
  assert.doesNotMatch(JSON.stringify(record), /MARKED|another origin/);
});

test('a cookie goes to no other server than that which set it, and nothing of the dialog goes along', async (t) => {
  const { url: other, received } = await listener(t);
  const elsewhere = other.replace('127.0.0.1', 'localhost');
  const url = await serve(t, (_request, response) => {
    response
      .writeHead(302, { location: `${elsewhere}/`, 'set-cookie': ['a=MARKED; Path=/; Domain=localhost', 'b=MARKED'] })
      .end();
  });
  const exchange = await checkOnce(url, { headers: { cookie: 'own=MARKED' } });
  assert.equal(exchange.responseCode, 200);
  assert.doesNotMatch(received(), /MARKED|cookie/i);
});

test('the client certificate is only shown to the origin it is for', openssl, async (t) => {
  const certificate = selfSigned();
  const { key, cert } = certificate;
  const shown: boolean[] = [];
  const options = { ...certificate, requestCert: true, rejectUnauthorized: false };
  const other = await serveTls(t, options, (request, response) => {
    shown.push('subject' in (request.socket as TLSSocket).getPeerCertificate());
    response.end();
  });
  const url = await serveTls(t, options, (request, response) => {
    shown.push('subject' in (request.socket as TLSSocket).getPeerCertificate());
    response.writeHead(302, { location: other }).end();
  });
  const exchange = await checkOnce(url, { tls: { ca: cert, key, cert } });
  assert.deepEqual([exchange.failure, exchange.responseCode, shown], [undefined, 200, [true, false]]);
});

const canUnshare =
  process.platform === 'linux' && process.getuid?.() === 0 && [program('unshare'), program('ip')].every(Boolean);

test(
  'a redirect from outside to an address inside is refused, unless ticked',
  real('network namespace (root)', canUnshare),
  async () => {
    const script = 'ip link set lo up && ip address add 203.0.113.80/32 dev lo && exec "$@"';
    const child = join(import.meta.dirname, '../../support/http-redirects-child.ts');
    const args = ['--net', 'sh', '-c', script, 'sh', process.execPath, child];
    const { stdout } = await promisify(execFile)('unshare', args, { timeout: 30_000 });
    const { refused, turned, ticked, fromInside } = JSON.parse(stdout);
    assert.equal(refused.length, 16);
    for (const { type, reason, body, asked } of [...refused, turned]) {
      assert.deepEqual([type, body, asked], ['connection_failed', '', 0]);
      assert.match(reason, /^error\.REDIRECT_INSIDE /);
    }
    assert.match(refused[0].finalUrl, /^http:\/\/127\.0\.0\.1:\d+\/meta$/);
    assert.deepEqual([ticked.type, ticked.body, ticked.isForeign], ['success', 'inside secret', true]);
    assert.equal(fromInside.type, 'success');
  },
);

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
  const verdict = await judge(exchange, 'broken', { accept: [[200, 299]], maxTimeMs: undefined }, undefined, httpWords);
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
