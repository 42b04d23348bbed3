import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CookieJar } from '../../../../nodes/http-check/request/cookies.ts';

const NOW_MS = 1_700_000_000_000;

/** What goes to `to` after `from` set these; `own` is what the request has by itself. */
function sent(
  fields: string[],
  to: string,
  { from = 'https://a.example/x/y', own }: { from?: string; own?: string } = {},
) {
  const jar = new CookieJar();
  jar.store(new URL(from), fields, NOW_MS);
  return jar.cookiesFor(new URL(to), own);
}

test('a cookie goes back to the host that set it, on whatever port', () => {
  assert.equal(sent(['a=1; Path=/', 'b=2; Path=/; HttpOnly'], 'https://a.example/'), 'a=1; b=2');
  assert.equal(sent(['a=1; Path=/'], 'https://a.example:8443/'), 'a=1');
});

test('a cookie goes to no other host, whatever domain it names', () => {
  for (const domain of ['', '; Domain=example', '; Domain=a.example', '; Domain=.a.example', '; Domain=b.example'])
    for (const to of ['https://b.example/', 'https://example/', 'https://b.a.example/', 'https://xa.example/'])
      assert.equal(sent([`a=1; Path=/${domain}`], to), undefined, `${domain} ${to}`);
  assert.equal(sent(['a=1; Path=/; Domain=b.example'], 'https://a.example/'), undefined, 'it is not its own');
  assert.equal(sent(['a=1; Path=/; Domain=example'], 'https://a.example/'), 'a=1');
});

test('a cookie keeps to its path and to https', () => {
  assert.equal(sent(['a=1'], 'https://a.example/x/z'), 'a=1');
  assert.equal(sent(['a=1'], 'https://a.example/xy'), undefined);
  assert.equal(sent(['a=1'], 'https://a.example/'), undefined);
  assert.equal(sent(['a=1; Path=/p', 'b=2; Path=/'], 'https://a.example/p/q'), 'a=1; b=2');
  assert.equal(sent(['a=1; Path=/; Secure'], 'http://a.example/'), undefined);
  assert.equal(sent(['a=1; Path=/; Secure'], 'https://a.example/'), 'a=1');
  assert.equal(sent(['a=1; Secure'], 'http://a.example/', { from: 'http://a.example/' }), undefined);
});

test('a cookie is set anew, and deleted', () => {
  assert.equal(sent(['a=1; Path=/', 'a=2; Path=/'], 'https://a.example/'), 'a=2');
  for (const end of ['Max-Age=0', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'Max-Age=-1'])
    assert.equal(sent(['a=1; Path=/', `a=; Path=/; ${end}`], 'https://a.example/'), undefined, end);
});

test('what the request has by itself is kept, but for what the server set anew', () => {
  const own = 'mine=7; a=0';
  assert.equal(sent(['a=1; Path=/'], 'https://a.example/', { own }), 'mine=7; a=1');
  assert.equal(sent([], 'https://a.example/', { own }), own);
});

test('nothing that steers a request gets into one, and no server fills the memory', () => {
  for (const field of ['a=b\r\nX: 1', 'a\0=b', '=b', 'a', '', ';', `a=${'x'.repeat(5_000)}`])
    assert.equal(sent([field], 'https://a.example/x/'), undefined, JSON.stringify(field.slice(0, 20)));
  const many = Array.from({ length: 1_000 }, (_, n) => `c${n}=${'x'.repeat(300)}; Path=/`);
  const cookie = sent(many, 'https://a.example/') ?? '';
  assert.ok(cookie.length <= 8_190 && cookie.length > 7_000, `${cookie.length}`);
});
