// Risk: records go to somebody who is not trusted, or a secret is said aloud.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { TlsOptions } from 'node:tls';
import { createAuthority, selfSigned } from '../../support/certificate.ts';
import { openDelivery } from '../../support/delivery.ts';
import { explained } from '../../support/explained.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Document, type Receiver, receiveHttp, receiveTcp } from '../../support/graylog.ts';
import { type FlowNode, startShipping } from '../../support/shipping-flow.ts';
import { until } from '../../support/until.ts';

const authority = createAuthority();
const stranger = createAuthority();
const files = temporaryFolder();

/** The path of a file with `text`, as a person enters it in the dialog of `tls-config`. */
function file(name: string, text: string): string {
  const path = join(files, name);
  writeFileSync(path, text);
  return path;
}

const caFile = file('ca.pem', authority.cert);

/** The core's config node for TLS, with what its dialog has set. */
function tlsConfig(properties: object): FlowNode {
  return { id: 'tls1', type: 'tls-config', ca: caFile, verifyservercert: true, ...properties };
}

type Receive = (t: TestContext, tls: TlsOptions) => Promise<Receiver>;
const protocols: [string, Receive][] = [
  ['tls', (t, tls) => receiveTcp(t, { tls })],
  ['https', (t, tls) => receiveHttp(t, { tls })],
];

/** Our own records: a heartbeat may come between them. */
function numbers(documents: readonly Document[]): unknown[] {
  return documents.map(({ _n }) => _n).filter((n) => n !== undefined);
}

async function allArrive(receiver: Receiver, count: number): Promise<void> {
  await receiver.until((all) => numbers(all).length >= count, 40_000);
  assert.deepEqual(
    numbers(receiver.documents),
    Array.from({ length: count }, (_, n) => n),
  );
  assert.deepEqual(receiver.faults, []);
}

test('a server that wants an authorization gets it from the credentials; without it the status says 401 and records wait', async (t) => {
  const seen = new Set<unknown>();
  const receiver = await receiveHttp(t, {
    answer: (_path, { authorization }) => {
      seen.add(authorization);
      return authorization === 'Bearer right' ? undefined : 401;
    },
  });
  const { red, deploy, ship, status } = await startShipping(t);
  const endpoints = `http://127.0.0.1:${receiver.port}`;
  await deploy({ endpoints });
  await ship(0, 20);
  assert.match(await status(/HTTP 401/), /^\d+ waiting: HTTP 401$/);
  await red.logged(/the server refuses the authorization \(answered 401\): correct it/);
  await deploy({ endpoints, credentials: { authorization: 'Bearer wrong' } });
  await ship(20, 40);
  await red.logged(/(records wait: .*answered 401[\s\S]*){2}/);
  assert.deepEqual(receiver.documents, []);
  await deploy({ endpoints, credentials: { authorization: 'Bearer right' } });
  await ship(40, 60);
  await allArrive(receiver, 60);
  assert.deepEqual(seen, new Set([undefined, 'Bearer wrong', 'Bearer right']));
  assert.doesNotMatch(red.log(), /Bearer/);
});

for (const [protocol, receive] of protocols) {
  test(`a server that demands a client certificate takes records over ${protocol} with that of tls-config, and none without`, async (t) => {
    const server = authority.issue('DNS:localhost,IP:127.0.0.1');
    const receiver = await receive(t, { ...server, ca: authority.cert, requestCert: true, rejectUnauthorized: true });
    const { deploy, ship, status, red } = await startShipping(t);
    const endpoints = `${protocol}://localhost:${receiver.port}`;
    await deploy({ endpoints, tls: 'tls1' }, tlsConfig({}));
    await ship(0, 20);
    await status(/^\d+ waiting: wants a cert$/);
    await red.logged(/does not accept the certificate of this host \(SSL routines: \S+ alert certificate required\)/);
    const unknown = stranger.issue('DNS:client');
    const wrong = { cert: file('wrong.pem', unknown.cert), key: file('wrong.key', unknown.key) };
    await deploy({ endpoints, tls: 'tls1' }, tlsConfig(wrong));
    await ship(20, 40);
    // This one Node's own server refuses without an alert: the connection ends, that is all there is to say.
    await red.logged(/(records wait[\s\S]*){2}/);
    assert.deepEqual(receiver.documents, []);
    const known = authority.issue('DNS:client');
    const right = { cert: file('right.pem', known.cert), key: file('right.key', known.key) };
    await deploy({ endpoints, tls: 'tls1' }, tlsConfig(right));
    await ship(40, 60);
    await status(/^sending$/);
    // Over TLS 1.3 a client is refused after it has begun to send: what it had sent comes again.
    await receiver.until((all) => new Set(numbers(all)).size === 60);
    assert.deepEqual(receiver.faults, []);
  });

  test(`a certificate for another name than the address is refused over ${protocol} until tls-config names it`, async (t) => {
    const asked: string[] = [];
    const receiver = await receive(t, {
      ...authority.issue('DNS:graylog.internal'),
      SNICallback: (name, done) => {
        asked.push(name);
        done(null);
      },
    });
    const { red, deploy, ship, status } = await startShipping(t);
    const endpoints = `${protocol}://127.0.0.1:${receiver.port}`;
    await deploy({ endpoints, tls: 'tls1' }, tlsConfig({}));
    await ship(0, 20);
    await status(/^\d+ waiting: other name$/);
    await red.logged(/its certificate is for another name \(.*127\.0\.0\.1.*(not in the cert|altnames)/);
    assert.deepEqual(receiver.documents, []);
    await deploy({ endpoints, tls: 'tls1' }, tlsConfig({ servername: 'graylog.internal' }));
    await ship(20, 40);
    await allArrive(receiver, 40);
    assert.deepEqual(new Set(asked), new Set(['graylog.internal']));
  });
}

const unsigned = selfSigned();

test('a server with a certificate that nobody signed gets nothing, and the reason is said', async (t) => {
  const receiver = await receiveTcp(t, { tls: unsigned });
  const { ship, states, delivery } = openDelivery(t, { url: `tls://localhost:${receiver.port}` });
  await ship(0, 10);
  await until(() => states.length > 0);
  assert.match(explained(states[0]?.error), /self-signed/);
  assert.equal(receiver.documents.length, 0);
  assert.equal(delivery.summary.buffered, 10);
});

test('the Test route answers in words where its TLS reference is another node, and Node-RED goes on', async (t) => {
  const { red, deploy } = await startShipping(t);
  await deploy({ endpoints: 'tcp://127.0.0.1:9' });
  const ask = (body: object): Promise<{ results: string[] }> =>
    red.api('/infra-monitoring/graylog-server/test', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const endpoints = 'tls://127.0.0.1:9';
  for (const [tls, words] of [
    ['server1', 'the TLS configuration cannot be used'],
    ['none', 'the TLS configuration is not deployed as it is here: deploy it first'],
  ]) {
    assert.deepEqual((await ask({ endpoints, tls })).results, [`${endpoints}: ${words}`]);
  }
  const strange = { endpoints: 'ftp://a', chunkBytes: { toString: 1 }, host: [], id: {} };
  assert.deepEqual((await ask(strange)).results, ['not tcp, tls, udp, http, https, amqp, amqps or file: ftp://a']);
});
