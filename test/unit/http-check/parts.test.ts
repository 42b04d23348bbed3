import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { accepts, parseAccept } from '../../../nodes/http-check/answer/accept.ts';
import { excerpt, textMismatch, textOf } from '../../../nodes/http-check/answer/body-text.ts';
import { type Exchange, failureType } from '../../../nodes/http-check/answer/exchange.ts';
import { createPhaseTimer } from '../../../nodes/http-check/answer/phase-timer.ts';
import { checkRecord, judge } from '../../../nodes/http-check/answer/result.ts';
import { createEndpointStates } from '../../../nodes/http-check/endpoint-states.ts';
import { msgHeaders, parseHeaders } from '../../../nodes/http-check/request/headers.ts';
import { basic, proxyFor } from '../../../nodes/http-check/request/proxy.ts';
import { nextHop } from '../../../nodes/http-check/request/redirect.ts';
import { compose, targetOf } from '../../../nodes/http-check/request/request.ts';
import { isUrlSetting, ownPage, withoutSecrets } from '../../../nodes/http-check/request/url.ts';
import { type CheckSettings, isMatch, readSettings } from '../../../nodes/http-check/settings.ts';
import { startDelay } from '../../../nodes/http-check/start-delay.ts';
import { advance, type CheckState, INITIAL, restoredState } from '../../../nodes/http-check/state.ts';
import { statusOf } from '../../../nodes/http-check/status.ts';

const policy = { retries: 2, resend: 0 };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function settings(config: object = {}): CheckSettings {
  const read = readSettings(config);
  if ('wrong' in read) throw new Error(read.wrong);
  return read;
}

function exchange(part: Partial<Exchange> = {}): Exchange {
  return {
    url: 'http://web/',
    method: 'GET',
    totalMs: 34.26,
    phases: { connect: 1.04, first_byte: 30, body: 3 },
    redirects: 0,
    responseCode: 200,
    ...part,
  };
}

test('parseAccept() reads codes and ranges and refuses everything else', () => {
  const ranges = parseAccept('200-299, 401') ?? [];
  assert.deepEqual(
    [200, 299, 300, 401, 402].map((code) => accepts(ranges, code)),
    [true, true, false, true, false],
  );
  for (const text of ['', '2xx', '200-', '299-200', '99', '600', '200,,201', undefined])
    assert.equal(parseAccept(text), undefined);
});

test('parseHeaders() reads a header a line and refuses what could smuggle another', () => {
  assert.deepEqual(parseHeaders('Accept: a:b \n\nX-Mine:7'), { accept: 'a:b', 'x-mine': '7' });
  for (const text of ['no colon', 'bad name: 1', 'x: \u0001', ': empty']) assert.equal(parseHeaders(text), undefined);
  assert.deepEqual(msgHeaders({ 'X-N': 7 }), { 'x-n': '7' });
  for (const value of ['text', { x: 'a\r\nb: c' }, { x: {} }]) assert.equal(msgHeaders(value), undefined);
});

test('proxyFor() follows the variables and their exceptions', () => {
  const variables = {
    http_proxy: 'proxy:3128',
    HTTPS_PROXY: 'http://secure:8080',
    no_proxy: 'localhost,.corp, 10.0.0.1:81',
  };
  const host = (url: string, more = {}): string | undefined => proxyFor(new URL(url), { ...variables, ...more })?.host;
  assert.equal(host('http://example.org'), 'proxy:3128');
  assert.equal(host('https://example.org'), 'secure:8080');
  for (const url of ['http://localhost:1880', 'http://a.corp', 'http://corp', 'http://10.0.0.1:81'])
    assert.equal(host(url), undefined);
  assert.equal(host('http://10.0.0.1:82'), 'proxy:3128');
  assert.equal(host('http://notcorp'), 'proxy:3128');
  assert.equal(host('http://example.org', { no_proxy: '*' }), undefined);
  assert.equal(proxyFor(new URL('http://a'), { all_proxy: 'socks5://s:1' }), undefined);
  assert.equal(proxyFor(new URL('http://a'), {}), undefined);
});

test('basic() encodes user and password as UTF-8', () => {
  assert.equal(basic('ann', 'größe'), `Basic ${Buffer.from('ann:größe').toString('base64')}`);
});

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
  assert.throws(() => nextHop(hop, 302, 'ftp://a/'), /ftp:/);
});

test('failureType() names a failure by its phase, and TLS by its code in any phase', () => {
  assert.equal(failureType('dns', 'ENOTFOUND'), 'dns_error');
  assert.equal(failureType('connect', 'ECONNREFUSED'), 'connection_failed');
  assert.equal(failureType('first_byte', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), 'tls_error');
  assert.equal(failureType('body', 'ECONNRESET'), 'body_read_error');
});

test('the trace adds up a phase that comes again, and the phases never exceed the whole', () => {
  let clock = 100;
  const trace = createPhaseTimer(() => clock);
  for (const [phase, took] of [
    ['dns', 5],
    ['connect', 3],
    ['dns', 2],
  ] as const) {
    trace.enter(phase);
    clock += took;
  }
  assert.equal(trace.end(), 10);
  assert.deepEqual(trace.ms, { dns: 7, connect: 3 });
});

test('judge() tells the code before the body before the time', async () => {
  const expectation = { accept: [[200, 299]] as const, maxTimeMs: 10 };
  const mismatch = async () => 'no';
  const type = async (part: Partial<Exchange>, test?: () => Promise<string | undefined>) =>
    (await judge(exchange(part), '', expectation, test))?.type;
  const broken = { type: 'body_read_error', phase: 'body', reason: 'r' } as const;
  assert.equal(await type({ responseCode: 500, failure: broken }, mismatch), 'status_mismatch');
  assert.equal(await type({ failure: broken }, mismatch), 'body_read_error');
  assert.equal(await type({}, mismatch), 'body_mismatch');
  assert.equal(await type({}), 'too_slow');
  assert.equal(await type({ totalMs: 9 }), undefined);
  const late = { type: 'timeout', phase: 'body', reason: 'r' } as const;
  assert.equal(await type({ responseCode: 500, failure: late }), 'timeout');
});

test('textOf() decodes the charset it is told and leaves binary alone', () => {
  assert.equal(textOf(new Uint8Array([0xe9]), 'text/plain; charset=ISO-8859-1'), 'é');
  assert.equal(textOf(bytes('{"a":1}'), 'application/problem+json'), '{"a":1}');
  assert.equal(textOf(bytes('x'), 'text/plain; charset=nonsense'), 'x');
  assert.equal(textOf(bytes('x'), 'image/png'), undefined);
  assert.equal(textOf(bytes('plain'), undefined), 'plain');
  assert.equal(textOf(new Uint8Array([0x89, 0x50, 0]), undefined), undefined);
});

test('excerpt() never leaves half a character', () => {
  assert.equal(excerpt('ab😀', 3), 'ab');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, length) => {
      assert.ok(encodeURIComponent(excerpt(text, length)) !== undefined);
    }),
  );
});

test('textMismatch() says what is wrong with the body', () => {
  assert.equal(textMismatch('contains', 'ok', 'all ok'), undefined);
  assert.equal(textMismatch('contains', 'ok', 'bad'), 'the body does not contain ok');
  assert.equal(textMismatch('excludes', 'error', 'an error'), 'the body contains error');
  assert.equal(textMismatch('matches', '^v\\d+$', 'v12'), undefined);
  assert.equal(textMismatch('matches', '^v\\d+$', 'v'), 'the body does not match ^v\\d+$');
});

/** The states after a row of results, a second apart: `+` success, `-` failure. */
function play(results: string, with_: typeof policy = policy): string {
  let state: CheckState = INITIAL;
  return [...results]
    .map((result, second) => {
      const verdict = advance(state, result === '+', second * 1000, with_);
      state = verdict.next;
      const mark = verdict.changed ? '!' : verdict.remind ? '?' : '';
      return `${state.state}${mark}${verdict.downMs === undefined ? '' : verdict.downMs / 1000}`;
    })
    .join(' ');
}

test('advance() goes down after its retries and comes up at once, with how long it was down', () => {
  assert.equal(play('+--+---+'), 'up up up up up up down!2 up!3');
});

test('advance() takes the first result as a change only when it is down', () => {
  assert.equal(play('+', { retries: 0, resend: 0 }), 'up');
  assert.equal(play('-', { retries: 0, resend: 0 }), 'down!0');
});

test('advance() reminds at every n-th failure while down', () => {
  assert.equal(play('-------', { retries: 1, resend: 2 }), 'up down!1 down2 down?3 down4 down?5 down6');
});

test('advance() changes state in turns, whatever the results', () => {
  const results = fc.array(fc.boolean());
  fc.assert(
    fc.property(results, fc.nat(4), fc.nat(4), (row, retries, resend) => {
      let state: CheckState = INITIAL;
      let told = 'up';
      for (const [at, succeeded] of row.entries()) {
        const verdict = advance(state, succeeded, at, { retries, resend });
        assert.equal(verdict.changed, verdict.next.state !== told);
        assert.ok(!(verdict.changed && verdict.remind));
        if (verdict.next.state === 'down') assert.ok(verdict.next.failures > retries);
        told = verdict.next.state;
        state = verdict.next;
      }
    }),
  );
});

test('the memory keeps endpoints apart, restores what was down and saves changes of its own alone', () => {
  const saved: unknown[] = [];
  const save = (state: unknown): void => void saved.push(state);
  const first = createEndpointStates(() => 'a', { retries: 0, resend: 0 }, undefined, save);
  assert.equal(first.advance('b', false, 1000).changed, true);
  assert.equal(first.advance('a', true, 1000).changed, false);
  assert.deepEqual(saved, []);
  assert.equal(first.advance('a', false, 2000).changed, true);
  const second = createEndpointStates(() => 'a', { retries: 0, resend: 0 }, JSON.parse(JSON.stringify(saved[0])), save);
  const verdict = second.advance('a', true, 12_000);
  assert.deepEqual([verdict.changed, verdict.downMs], [true, 10_000]);
  for (const broken of [null, 7, {}, { url: 'a', state: { state: 'sideways' } }])
    assert.equal(createEndpointStates(() => 'a', policy, broken, save).advance('a', true, 0).changed, false);
});

test('restoredState() refuses what is no state', () => {
  for (const value of [undefined, null, 'down', { state: 'down' }, { state: 'down', failures: 1.5, failingSinceMs: 1 }])
    assert.equal(restoredState(value), undefined);
});

const context = { name: 'web', host: 'web1', nowMs: 1_700_000_000_000, tlsWarnDays: 14, keepBody: 5 };

test('checkRecord() has the keys of the contract', () => {
  const verdict = advance(INITIAL, true, 0, policy);
  const part = {
    contentType: 'text/plain',
    bytes: 11,
    tlsDaysLeft: 20,
    phases: { dns: 0.5, connect: 1.04, tls: 9, first_byte: 20, body: 3 },
  };
  assert.deepEqual(checkRecord(exchange(part), 'hello world', undefined, verdict, context), {
    log_type: 'http_check',
    time: '2023-11-14T22:13:20.000Z',
    host: 'web1',
    level: 6,
    message: 'web: 200 in 34 ms',
    event_id: 'http-web1-web-http://web/-1700000000000',
    check_name: 'web',
    http_url: 'http://web/',
    http_method: 'GET',
    http_response_code: 200,
    http_response_time_ms: 34.3,
    http_response_bytes: 11,
    http_response_body: 'hello',
    http_content_type: 'text/plain',
    http_redirect_count: 0,
    http_dns_ms: 0.5,
    http_connect_ms: 1,
    http_tls_ms: 9,
    http_first_byte_ms: 20,
    result_type: 'success',
    event_outcome: 'success',
    check_state: 'up',
    consecutive_failures: 0,
    tls_days_left: 20,
  });
});

test('a certificate that is about to end is a warning, in level, message and status', () => {
  const part = exchange({ tlsDaysLeft: 5 });
  const verdict = advance(INITIAL, true, 0, policy);
  const made = checkRecord(part, undefined, undefined, verdict, context);
  assert.equal(made.level, 4);
  assert.match(made.message, /the certificate has 5 days left/);
  assert.equal(statusOf(part, undefined, verdict, 14).key, 'expiring');
  assert.equal(statusOf(part, undefined, verdict, undefined).key, 'answered');
});

test('the status says what failed, how often, and since when it is down', () => {
  const failure = { type: 'timeout', reason: 'r' } as const;
  const shown = (state: CheckState, nowMs: number) =>
    statusOf(exchange(), failure, advance(state, false, nowMs, policy), 14);
  assert.deepEqual(shown(INITIAL, 0), { state: 'warning', key: 'failing', args: { type: 'timeout', failures: 1 } });
  const down: CheckState = { state: 'down', failures: 5, failingSinceMs: 0 };
  assert.deepEqual(shown(down, 185_000), { state: 'bad', key: 'down', args: { type: 'timeout', span: '3 min' } });
});

test('readSettings() names the property that has a value it cannot have', () => {
  const wrong = {
    url: 'ftp://a',
    accept: 'all',
    timeout: '0',
    retries: '1.5',
    headers: 'x',
    method: 'TRACE',
    family: '5',
    interval: '-1',
  };
  for (const [name, value] of Object.entries(wrong)) assert.deepEqual(readSettings({ [name]: value }), { wrong: name });
  assert.deepEqual(readSettings({ matchType: 'matches', match: '(' }), { wrong: 'match' });
  assert.equal(isMatch('contains', ''), false);
  const { timeoutMs, retries, bodyLimit, intervalMs, maxTimeMs } = settings();
  assert.deepEqual([timeoutMs, retries, bodyLimit, intervalMs, maxTimeMs], [10_000, 2, 1_048_576, 60_000, undefined]);
});

test('readSettings() takes a placeholder that was left over for a property that is not set', () => {
  const left = `\${NOT_SET}`;
  const { timeoutMs, method, intervalMs, maxTimeMs } = settings({
    timeout: left,
    method: left,
    interval: left,
    maxTime: '',
  });
  assert.deepEqual([timeoutMs, method, intervalMs, maxTimeMs], [10_000, 'GET', 60_000, undefined]);
});

test('withoutSecrets() leaves user and password out', () => {
  assert.equal(withoutSecrets(new URL('http://ann:pass@a:81/b?c=d')), 'http://a:81/b?c=d');
});

test('isUrlSetting() takes a URL, nothing and a placeholder', () => {
  for (const value of ['', `\${HTTP_CHECK_URL}`, 'https://example.org/a', undefined])
    assert.equal(isUrlSetting(value), true);
  for (const value of ['example.org', 'ftp://example.org', 'http://']) assert.equal(isUrlSetting(value), false);
});

test('ownPage() is the editor, else what the flows serve, at an address of this machine', () => {
  const server = { https: false, host: '0.0.0.0', port: 1880, adminRoot: undefined, nodeRoot: undefined };
  assert.equal(ownPage(server).href, 'http://127.0.0.1:1880/');
  assert.equal(ownPage({ ...server, https: true, host: '::1', adminRoot: '/admin' }).href, 'https://[::1]:1880/admin');
  assert.equal(
    ownPage({ ...server, host: undefined, adminRoot: false, nodeRoot: '/api' }).href,
    'http://127.0.0.1:1880/api',
  );
});

test('compose() puts dialog, credentials and msg together', () => {
  const own = settings({
    method: 'POST',
    headers: 'X-A: 1\nX-B: 1',
    body: 'configured',
    bodyFromPayload: true,
    authType: 'bearer',
  });
  const target = new URL('http://a/');
  const access = { tls: {}, variables: {} };
  const made = compose(own, { token: 'secret' }, access, target, { headers: { 'x-b': '2' }, payload: { c: 3 } });
  assert.ok(!('unusable' in made));
  assert.deepEqual(made.headers, { authorization: 'Bearer secret', 'x-a': '1', 'x-b': '2' });
  assert.equal(made.body, '{"c":3}');
  const scheduled = compose(own, {}, access, target, undefined);
  assert.equal('body' in scheduled && scheduled.body, 'configured');
  assert.deepEqual(compose(own, {}, access, target, { headers: 'text' }), { unusable: 'msgHeaders' });
});

test('targetOf() prefers the URL of the msg and refuses one that is none', () => {
  const own = new URL('http://a/');
  assert.equal(targetOf(undefined, own), own);
  assert.equal(String(targetOf({ url: 'http://b/' }, own)), 'http://b/');
  assert.deepEqual(targetOf({ url: 'b' }, own), { unusable: 'msgUrl' });
});

test('startDelay() spreads the starts over a second at most', () => {
  const delays = new Set(Array.from({ length: 200 }, (_, n) => startDelay(`node-${n}-${n * 7919}`, 10_000)));
  assert.ok(delays.size > 100);
  for (const delay of delays) assert.ok(delay >= 0 && delay < 1_000);
});
