import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextHop } from '../../../../nodes/http-check/request/redirect.ts';

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
  assert.deepEqual([kept?.method, kept?.body, kept?.headers], ['POST', 'b', { 'content-type': 't' }]);
  assert.equal(nextHop(hop, 304, '/y'), undefined);
  assert.equal(nextHop(hop, 302, undefined), undefined);
  assert.throws(() => nextHop(hop, 302, 'ftp://a/'), { code: 'BAD_REDIRECT_SCHEME', values: { scheme: 'ftp:' } });
  assert.throws(() => nextHop(hop, 302, 'http://'), { code: 'BAD_REDIRECT_URL' });
});
