import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUrlSetting, withoutSecrets } from '../../../../nodes/http-check/request/url.ts';

test('withoutSecrets() leaves user and password out', () => {
  assert.equal(withoutSecrets(new URL('http://ann:pass@a:81/b?c=d')), 'http://a:81/b?c=d');
});

test('isUrlSetting() takes a URL, nothing and a placeholder', () => {
  for (const value of ['', `\${HTTP_CHECK_URL}`, 'https://example.org/a', undefined])
    assert.equal(isUrlSetting(value), true);
  for (const value of ['example.org', 'ftp://example.org', 'http://']) assert.equal(isUrlSetting(value), false);
});
