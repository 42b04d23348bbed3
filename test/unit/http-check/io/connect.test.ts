import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Resolver } from '../../../../lib/io/resolver.ts';
import { PhaseTimer } from '../../../../nodes/http-check/answer/phase-timer.ts';
import { TrustAnchors } from '../../../../nodes/http-check/io/certificate.ts';
import { type Connection, openConnection, type Route } from '../../../../nodes/http-check/io/connect.ts';
import { type Certificate, selfSigned } from '../../../support/certificate.ts';
import { serve, serveTcp, serveTls } from '../../../support/http-servers.ts';
import { freePort } from '../../../support/ports.ts';
import { program, real } from '../../../support/real.ts';

const openssl = real('openssl', program('openssl') !== undefined);
const timer = (): PhaseTimer => new PhaseTimer(() => performance.now());

async function open(
  t: TestContext,
  url: string,
  route: Partial<Route> = {},
  phases = timer(),
  { signal } = new AbortController(),
): Promise<Connection> {
  const shared = { resolver: new Resolver(), anchors: new TrustAnchors() };
  const whole: Route = { proxy: undefined, family: 0, tls: {}, protocols: ['http/1.1'], ...shared, ...route };
  const connection = await openConnection(new URL(url), whole, phases, signal, Date.now());
  t.after(() => connection.socket.destroy());
  return connection;
}

test('an address is connected to without a look-up, a name with one', async (t) => {
  const url = await serve(t, () => undefined);
  const direct = timer();
  const { validity, distrust } = await open(t, url, {}, direct);
  direct.end();
  assert.deepEqual([Object.keys(direct.ms), validity, distrust], [['connect'], undefined, undefined]);
  const named = timer();
  await open(t, url.replace('127.0.0.1', 'localhost'), { family: 4 }, named);
  named.end();
  assert.deepEqual(Object.keys(named.ms), ['dns', 'connect']);
});

test('a port where nobody listens rejects in the phase of connecting', async (t) => {
  const phases = timer();
  await assert.rejects(open(t, `http://127.0.0.1:${await freePort()}`, {}, phases), { code: 'ECONNREFUSED' });
  assert.equal(phases.phase, 'connect');
});

test('a signal ends the handshake with its reason, and destroys the socket of an open connection', async (t) => {
  const port = await serveTcp(t, () => undefined);
  const controller = new AbortController();
  const phases = timer();
  const hanging = open(t, `https://127.0.0.1:${port}`, {}, phases, controller);
  const { socket } = await open(t, `http://127.0.0.1:${port}`, {}, timer(), controller);
  while (phases.phase !== 'tls') await new Promise((resolve) => setImmediate(resolve));
  controller.abort(new Error('closed'));
  await assert.rejects(hanging, /closed/);
  assert.equal(socket.destroyed, true);
});

test('a certificate tells its days, and is not trusted unless its authority is known', openssl, async (t) => {
  const certificate: Certificate = selfSigned(undefined, 30);
  const url = await serveTls(t, certificate, () => undefined);
  const known = await open(t, url, { tls: { ca: certificate.cert } });
  assert.deepEqual([known.validity?.daysLeft, known.distrust], [30, undefined]);
  const unknown = await open(t, url);
  assert.deepEqual([unknown.validity?.daysLeft, unknown.distrust?.code], [30, 'UNTRUSTED_CERTIFICATE']);
  assert.equal(unknown.distrust?.cause, 'DEPTH_ZERO_SELF_SIGNED_CERT');
  const unchecked = await open(t, url, { tls: { rejectUnauthorized: false } });
  assert.equal(unchecked.distrust, undefined);
});

test('a proxy is asked for a tunnel with its user and password, and its refusal is told', async (t) => {
  const asked: string[] = [];
  const port = await serveTcp(t, (socket) => {
    socket.once('data', (request) => {
      asked.push(String(request));
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
  });
  const proxy = new URL(`http://ann:p%40ss@127.0.0.1:${port}`);
  await assert.rejects(open(t, 'https://example.test', { proxy }), { code: 'PROXY_STATUS', values: { status: 407 } });
  assert.match(asked[0] ?? '', /^CONNECT example\.test:443 /);
  assert.match(asked[0] ?? '', new RegExp(`proxy-authorization: Basic ${btoa('ann:p@ss')}`, 'i'));
});

test('a proxy whose certificate is not to be trusted is not used', openssl, async (t) => {
  const url = await serveTls(t, selfSigned(), () => assert.fail('nothing may be sent to it'));
  await assert.rejects(open(t, 'http://example.test', { proxy: new URL(url) }), { code: 'PROXY_CERTIFICATE' });
});
