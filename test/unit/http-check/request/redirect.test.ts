import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextHop } from '../../../../nodes/http-check/request/redirect.ts';
import { shownUrl } from '../../../../nodes/http-check/request/url.ts';

test('nextHop() makes a GET of a POST where the code asks for it, and keeps it where not', () => {
  const hop = {
    url: new URL('http://a/x'),
    method: 'POST',
    headers: { 'content-type': 't', authorization: 's' },
    body: 'b',
  };
  const seen = nextHop(hop, 303, '/y');
  assert.deepEqual([seen?.method, seen?.body, seen?.headers], ['GET', undefined, { authorization: 's' }]);
  const kept = nextHop(hop, 308, 'http://b/');
  assert.deepEqual([kept?.method, kept?.body, kept?.headers], ['POST', undefined, {}]);
  const same = nextHop(hop, 308, '/z');
  assert.deepEqual([same?.method, same?.body, same?.headers], ['POST', 'b', hop.headers]);
  assert.equal(nextHop(hop, 304, '/y'), undefined);
  assert.equal(nextHop(hop, 302, undefined), undefined);
  assert.throws(() => nextHop(hop, 302, 'ftp://a/'), { code: 'BAD_REDIRECT_SCHEME', values: { scheme: 'ftp:' } });
  assert.throws(() => nextHop(hop, 302, 'http://'), { code: 'BAD_REDIRECT_URL', values: {} });
});

test('nextHop() gives nothing of the dialog or the msg to another scheme, host or port', () => {
  const headers = { authorization: 's', 'x-api-key': 'k', cookie: 'c', accept: 'a' };
  const hop = { url: new URL('http://a/x'), method: 'PUT', headers, body: 'b' };
  for (const location of ['https://a/x', 'http://b/x', 'http://a:81/x', '//b/x'])
    assert.deepEqual(nextHop(hop, 307, location), {
      url: new URL(location, hop.url),
      method: 'PUT',
      headers: {},
      body: undefined,
    });
});

test('nextHop() takes the bytes of a Location as they are, and an empty one for none', () => {
  const hop = { url: new URL('http://a/x'), method: 'GET', headers: {}, body: undefined };
  const to = (text: string, encoding: BufferEncoding = 'utf8'): string | undefined =>
    nextHop(hop, 302, Buffer.from(text, encoding).toString('latin1'))?.url.href;
  assert.equal(to('/café?größe=1#ü'), 'http://a/caf%C3%A9?gr%C3%B6%C3%9Fe=1#%C3%BC');
  assert.equal(to('/café', 'latin1'), 'http://a/caf%E9');
  assert.equal(to('//bücher.example/'), 'http://xn--bcher-kva.example/');
  assert.equal(to('/a%20b c'), 'http://a/a%20b%20c');
  for (const empty of ['', ' ', '\t']) assert.equal(to(empty), undefined);
  assert.throws(() => to('//b\xfccher.example/', 'latin1'), { code: 'BAD_REDIRECT_URL' });
  const secret = nextHop(hop, 302, Buffer.from('/?tokén=1&token=MARKED').toString('latin1'));
  assert.doesNotMatch(shownUrl(secret?.url ?? hop.url), /MARKED/);
});
