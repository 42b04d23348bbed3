import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSecretName } from '../../../../nodes/http-check/request/secret-name.ts';
import { isUrlSetting, shownUrl, withoutUser } from '../../../../nodes/http-check/request/url.ts';
import { cpuMsOf } from '../../../support/cpu-time.ts';

const shown = (text: string): string => shownUrl(new URL(text));

test('withoutUser() leaves user and password out, and nothing else', () => {
  assert.equal(withoutUser(new URL('http://ann:pass@a:81/b?token=d#e')), 'http://a:81/b?token=d#e');
});

test('shownUrl() leaves user and password out and masks the values of secrets', () => {
  assert.equal(shown('http://ann:pass@a:81/b?c=d&e'), 'http://a:81/b?c=d&e');
  assert.equal(shown('http://[::1]:81/?token=abc&page=2#top'), 'http://[::1]:81/?token=…&page=2#top');
  assert.equal(shown('http://a/?page=2;sig=abc=='), 'http://a/?page=2;sig=…');
  assert.equal(shown('http://a/?%74oken=abc&t%6Fken[]=d'), 'http://a/?%74oken=…&t%6Fken[]=…');
  assert.equal(shown('http://a/b;jsessionid=123/c;v=1?x'), 'http://a/b;jsessionid=…/c;v=1?x');
  assert.equal(shown('http://a/#access_token=abc&type=b'), 'http://a/#access_token=…&type=b');
  assert.equal(shown('http://a/?next=%2Fb%3Ftoken%3Dabc&q=1'), 'http://a/?next=…&q=1');
  assert.equal(shown('http://a/?url=http%3A%2F%2Fann%3Apass%40b'), 'http://a/?url=…');
  assert.equal(shown('http://a/?token=&x=1'), 'http://a/?token=&x=1');
});

test('shownUrl() leaves a URL without secrets as it is', () => {
  for (const text of ['https://example.org/', 'http://a/b/c.html?x=1&y=%20z#part', 'http://a:8080/health?verbose&n=3'])
    assert.equal(shown(text), text);
});

test('shownUrl() never shows a marked secret, however its key is written, and takes no time for long ones', () => {
  const keys = fc.constantFrom('token', 'API_KEY', 'X-Amz-Signature', 'clientSecret', 'passwd', 'auth', 'Code', 'sid');
  fc.assert(
    fc.property(keys, fc.webQueryParameters(), (key, before) => {
      assert.ok(!shown(`http://u:MARKED@a/?${before}&${key}=MARKED`).includes('MARKED'));
    }),
  );
  const tookMs = cpuMsOf(() => {
    for (const long of ['a', '=', ';', '&', '//', 'token=', '%25'])
      assert.ok(shown(`http://a/?${long.repeat(16_000 / long.length)}`).length < 2_100);
  });
  assert.ok(tookMs < 500, `${tookMs} ms`);
});

test('isSecretName() knows the kind by any word of the name', () => {
  const secret = `token access_token accessToken ACCESS-TOKEN id_token_hint key keys api_key apikey apiKey X-Api-Key
    subscription-key AWSAccessKeyId secret client_secret password passwd pwd pass passphrase userPassword sig signature
    X-Amz-Signature X-Amz-Credential X-Amz-Security-Token X-Goog-Signature auth authorization oauth_nonce code auth_code
    code_verifier session session_id PHPSESSID sid jwt bearer otp pin hmac sign filter[api_key] credentials csrfmiddlewaretoken`;
  for (const name of secret.split(/\s+/)) assert.equal(isSecretName(name), true, name);
  const open = 'page q query id client_id name verbose format limit offset author keyword codec state type n ready';
  for (const name of open.split(' ')) assert.equal(isSecretName(name), false, name);
});

test('isUrlSetting() takes a URL, nothing and a placeholder', () => {
  for (const value of ['', `\${HTTP_CHECK_URL}`, 'https://example.org/a', undefined])
    assert.equal(isUrlSetting(value), true);
  for (const value of [
    'example.org',
    'ftp://example.org',
    'http://',
    `http://\${HOST}/x`,
    `http://a/?b=\${B}`,
    `\${A}\${B}`,
  ])
    assert.equal(isUrlSetting(value), false);
});
