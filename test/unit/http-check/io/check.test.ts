import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCheck } from '../../../../nodes/http-check/io/check.ts';
import { createTools } from '../../../../nodes/http-check/io/tools.ts';
import { checkOnce, checkRequest, failureReason } from '../../../support/http-checks.ts';
import { serve, serveTcp } from '../../../support/http-servers.ts';

test('a check tells code, type, body and phases of the last answer, and how many redirects led there', async (t) => {
  const url = await serve(t, (request, response) => {
    if (request.url === '/from') response.writeHead(302, { location: '/to', 'content-type': 'text/html' }).end();
    else response.end('arrived');
  });
  const exchange = await checkOnce(`${url}/from`);
  assert.deepEqual(
    [exchange.responseCode, exchange.contentType, String(exchange.body), exchange.redirects, exchange.failure],
    [200, undefined, 'arrived', 1, undefined],
  );
  assert.equal(exchange.url, `${url}/from`);
  assert.deepEqual(Object.keys(exchange.phases), ['connect', 'first_byte', 'body']);
  assert.ok(exchange.totalMs > 0);
});

test('more redirects than allowed are a failure that says how many', async (t) => {
  const url = await serve(t, (_request, response) => response.writeHead(301, { location: '/' }).end());
  const exchange = await checkOnce(url, { maxRedirects: 2 });
  assert.equal(exchange.failure?.type, 'redirect_limit');
  assert.equal(failureReason(exchange), 'error.TOO_MANY_REDIRECTS 2');
});

test('a redirect to what is no http or https URL is a failure', async (t) => {
  const url = await serve(t, (_request, response) => response.writeHead(302, { location: 'ftp://a/' }).end());
  assert.equal(failureReason(await checkOnce(url)), 'error.BAD_REDIRECT_SCHEME ftp:');
});

test('a time-out says what went on', async (t) => {
  const silent = await serveTcp(t, () => undefined);
  const head = await serve(t, (_request, response) => response.writeHead(200, { 'content-length': 9 }).write('half'));
  for (const [url, code] of [
    [`http://127.0.0.1:${silent}`, 'TIMEOUT_IN_FIRST_BYTE'],
    [`https://127.0.0.1:${silent}`, 'TIMEOUT_IN_TLS'],
    [head, 'TIMEOUT_IN_BODY'],
  ] as const) {
    const exchange = await checkOnce(url, { timeoutMs: 100 });
    assert.equal(exchange.failure?.type, 'timeout');
    assert.equal(failureReason(exchange), `error.${code} 0.1`);
  }
});

test('a check that is called off ends at once, also when it was before it began', async (t) => {
  const port = await serveTcp(t, () => undefined);
  const controller = new AbortController();
  const request = checkRequest(`http://127.0.0.1:${port}`);
  const running = runCheck(request, createTools(), controller.signal);
  controller.abort(new Error('closed'));
  assert.equal(failureReason(await running), 'closed');
  assert.equal(failureReason(await runCheck(request, createTools(), controller.signal)), 'closed');
});
