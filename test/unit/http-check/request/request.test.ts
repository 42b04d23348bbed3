import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildRequest, targetOf } from '../../../../nodes/http-check/request/request.ts';
import { type CheckSettings, readSettings } from '../../../../nodes/http-check/settings.ts';

function settings(config: object = {}): CheckSettings {
  const read = readSettings(config);
  if ('wrong' in read) throw new Error(read.wrong);
  return read;
}

test('buildRequest() puts dialog, credentials and msg together', () => {
  const own = settings({
    method: 'POST',
    headers: 'X-A: 1\nX-B: 1',
    body: 'configured',
    bodyFromPayload: true,
    authType: 'bearer',
  });
  const target = new URL('http://a/');
  const access = { tls: {}, variables: {} };
  const made = buildRequest(own, { token: 'secret' }, access, target, { headers: { 'x-b': '2' }, payload: { c: 3 } });
  assert.deepEqual(made.headers, { authorization: 'Bearer secret', 'x-a': '1', 'x-b': '2' });
  assert.equal(made.body, '{"c":3}');
  const scheduled = buildRequest(own, {}, access, target, undefined);
  assert.equal(scheduled.body, 'configured');
  assert.throws(() => buildRequest(own, {}, access, target, { headers: 'text' }), { code: 'BAD_MSG_HEADERS' });
});

test('targetOf() prefers the URL of the msg and refuses one that is none', () => {
  const own = new URL('http://a/');
  assert.equal(targetOf(undefined, own), own);
  assert.equal(String(targetOf({ url: 'http://b/' }, own)), 'http://b/');
  assert.throws(() => targetOf({ url: 'b' }, own), { code: 'BAD_MSG_URL' });
});

test('buildRequest() gives the login, headers, body and client certificate of the dialog to the origin of its URL alone', () => {
  const config = { method: 'POST', headers: 'X-Api-Key: k', body: 'secret', authType: 'basic' };
  const access = { tls: { key: 'k', cert: 'c', ca: 'a', servername: 's' }, variables: {} };
  const credentials = { user: 'ann', password: 'pass' };
  const own = new URL('https://a/');
  const made = (target: string, more: object = {}, asked: object = {}) =>
    buildRequest(settings({ ...config, ...more }), credentials, access, new URL(target), { ...asked }, own);
  const { headers, body, tls } = made('https://a/other?x');
  assert.deepEqual(Object.keys(headers), ['authorization', 'x-api-key']);
  assert.deepEqual([body, tls], ['secret', access.tls]);
  for (const target of ['http://a/', 'https://a:444/', 'https://b/', 'https://a.b/']) {
    const other = made(target, {}, { headers: { 'x-mine': '7' } });
    assert.deepEqual([other.headers, other.body], [{ 'x-mine': '7' }, undefined], target);
    assert.deepEqual(other.tls, { ca: 'a', rejectUnauthorized: undefined });
    const allowed = made(target, { secretsElsewhere: true });
    assert.deepEqual([Object.keys(allowed.headers).length, allowed.body, allowed.tls], [2, 'secret', access.tls]);
  }
  const inUrl = made('https://bob:own@b/');
  assert.deepEqual(inUrl.headers, { authorization: `Basic ${btoa('bob:own')}` });
  const brought = made('https://b/', { bodyFromPayload: true }, { payload: 'mine' });
  assert.equal(brought.body, 'mine');
});
