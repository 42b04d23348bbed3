import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MonitoringError } from '../../../../lib/errors.ts';
import { failureType, failureWords } from '../../../../nodes/http-check/answer/exchange.ts';

const coded = (code: string): Error => Object.assign(new Error(code), { code });

test('failureType() names a failure by its phase, and TLS by its code in any phase', () => {
  assert.equal(failureType('dns', coded('ENOTFOUND')), 'dns_error');
  assert.equal(failureType('connect', coded('ECONNREFUSED')), 'connection_failed');
  assert.equal(failureType('first_byte', coded('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED')), 'tls_error');
  assert.equal(failureType('body', coded('ECONNRESET')), 'body_read_error');
});

test('failureType() knows the errors of this package in any phase', () => {
  assert.equal(failureType('body', coded('TIMEOUT_IN_BODY')), 'timeout');
  assert.equal(failureType('body', coded('TOO_MANY_REDIRECTS')), 'redirect_limit');
  assert.equal(failureType('connect', coded('PROXY_STATUS')), 'connection_failed');
  assert.equal(failureType(undefined, undefined), 'connection_failed');
});

test("failureWords() gives OpenSSL's words without its part, and the catalogue's for this package's errors", () => {
  const words = (error: unknown): string => failureWords({ type: 'tls_error', phase: 'tls', error }, (key) => key);
  const openssl = Object.assign(new Error('4B0:error:0A:SSL'), { library: 'SSL routines', reason: 'wrong version ' });
  assert.equal(words(openssl), 'wrong version');
  assert.equal(words(new MonitoringError('PROXY_STATUS', { status: 407 })), 'error.PROXY_STATUS');
  assert.equal(words(new Error('connect ECONNREFUSED')), 'connect ECONNREFUSED');
});

test('failureType() knows what is of this host: its limits, and what comes of having stood still', () => {
  for (const code of ['EMFILE', 'ENFILE', 'ENOMEM', 'ERR_MEMORY_ALLOCATION_FAILED', 'HELD_UP', 'PROXY_UNSUPPORTED'])
    assert.equal(failureType('connect', coded(code)), 'local_error', code);
  assert.equal(failureType('body', new RangeError('Array buffer allocation failed')), 'local_error');
  const several = (...codes: string[]) => new AggregateError(codes.map(coded));
  assert.equal(failureType('connect', several('EMFILE', 'EMFILE')), 'local_error');
  assert.equal(failureType('connect', several('EADDRNOTAVAIL', 'ECONNREFUSED')), 'connection_failed');
  const held = { heldMs: 5_000, sleptMs: 0 };
  assert.equal(failureType('first_byte', coded('ECONNRESET'), held), 'local_error');
  for (const code of ['ECONNREFUSED', 'TIMEOUT_IN_BODY', 'UNTRUSTED_CERTIFICATE', 'NOT_HTTP'])
    assert.notEqual(failureType('connect', coded(code), held), 'local_error', code);
  const slept = { heldMs: 0, sleptMs: 60_000 };
  for (const code of ['ECONNRESET', 'TIMEOUT_IN_CONNECT', 'ENETUNREACH', 'ENOTFOUND'])
    assert.equal(failureType('connect', coded(code), slept), 'local_error', code);
  assert.equal(failureType('connect', coded('ECONNREFUSED'), slept), 'connection_failed');
});
