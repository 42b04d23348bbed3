import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MonitoringError } from '../../../../lib/errors.ts';
import { failureType, failureWords } from '../../../../nodes/http-check/answer/exchange.ts';

test('failureType() names a failure by its phase, and TLS by its code in any phase', () => {
  assert.equal(failureType('dns', 'ENOTFOUND'), 'dns_error');
  assert.equal(failureType('connect', 'ECONNREFUSED'), 'connection_failed');
  assert.equal(failureType('first_byte', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), 'tls_error');
  assert.equal(failureType('body', 'ECONNRESET'), 'body_read_error');
});

test('failureType() knows the errors of this package in any phase', () => {
  assert.equal(failureType('body', 'TIMEOUT_IN_BODY'), 'timeout');
  assert.equal(failureType('body', 'TOO_MANY_REDIRECTS'), 'redirect_limit');
  assert.equal(failureType('connect', 'PROXY_STATUS'), 'connection_failed');
  assert.equal(failureType(undefined, undefined), 'connection_failed');
});

test("failureWords() gives OpenSSL's words without its part, and the catalogue's for this package's errors", () => {
  const words = (error: unknown): string => failureWords({ type: 'tls_error', phase: 'tls', error }, (key) => key);
  const openssl = Object.assign(new Error('4B0:error:0A:SSL'), { library: 'SSL routines', reason: 'wrong version ' });
  assert.equal(words(openssl), 'wrong version');
  assert.equal(words(new MonitoringError('PROXY_STATUS', { status: 407 })), 'error.PROXY_STATUS');
  assert.equal(words(new Error('connect ECONNREFUSED')), 'connect ECONNREFUSED');
});
