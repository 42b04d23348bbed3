import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { scriptModule } from '../../../support/script.ts';

interface Gate {
  allowedHosts(text: string): Set<string>;
  guardServer(server: Server, allowed: Set<string>, say: (words: string) => void): Server;
  isLoopback(host: string | undefined): boolean;
  refusalOf(request: object, allowed: Set<string>): 'host' | 'origin' | undefined;
}

const { allowedHosts, guardServer, isLoopback, refusalOf } = await scriptModule<Gate>('start/gate.js');

interface Asked {
  method?: string;
  headers?: Record<string, string | undefined>;
  address?: string;
  isUpgrade?: boolean;
}

const OWN = { host: '127.0.0.1:1880' };

function refusal({ method = 'GET', headers = {}, address = '127.0.0.1', isUpgrade = false }: Asked, allowed = '') {
  return refusalOf({ method, headers: { ...OWN, ...headers }, address, isUpgrade }, allowedHosts(allowed));
}

for (const host of [
  'localhost',
  'LOCALHOST:1880',
  '127.0.0.1',
  '127.0.0.1:8080',
  '127.1.2.3',
  '[::1]',
  '[::1]:1880',
  'localhost.',
]) {
  test(`a request for ${host} is answered`, () => assert.equal(refusal({ headers: { host } }), undefined));
}

for (const host of [
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'evil.example:1880',
  '10.0.0.1',
  '',
  undefined,
  '[::2]',
  'localhost@evil',
  '127.0.0.1:1880.evil',
]) {
  test(`a request for ${host} is refused`, () => assert.equal(refusal({ headers: { host } }), 'host'));
}

test('the names of MONITORING_ALLOWED_HOSTS are answered, with any port', () => {
  for (const host of ['red.example', 'RED.example:8443', 'other.example']) {
    assert.equal(refusal({ headers: { host } }, ' red.example:443, https://other.example ,'), undefined);
  }
  assert.equal(refusal({ headers: { host: 'evil.example' } }, 'red.example'), 'host');
});

test('an address of this machine by which it was reached is no name that anybody could point here', () => {
  assert.equal(refusal({ headers: { host: '192.0.2.7:1880' }, address: '192.0.2.7' }), undefined);
  assert.equal(refusal({ headers: { host: '192.0.2.7:1880' }, address: '::ffff:192.0.2.7' }), undefined);
  assert.equal(refusal({ headers: { host: '[2001:db8::1]:1880' }, address: '2001:db8::1' }), undefined);
  assert.equal(refusal({ headers: { host: '192.0.2.8' }, address: '192.0.2.7' }), 'host');
});

const foreign: [string, Record<string, string>][] = [
  ['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site' }],
  ['Sec-Fetch-Site: same-site', { 'sec-fetch-site': 'same-site' }],
  ['a foreign Origin', { origin: 'http://evil.example' }],
  ['the Origin of another port', { origin: 'http://127.0.0.1:1881' }],
  ['a hidden Origin', { origin: 'null' }],
];

for (const [name, headers] of foreign) {
  test(`${name} may ask, but neither send nor open a websocket`, () => {
    assert.equal(refusal({ headers }), undefined);
    assert.equal(refusal({ headers, method: 'HEAD' }), undefined);
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      assert.equal(refusal({ headers, method }), 'origin');
    }
    assert.equal(refusal({ headers, isUpgrade: true }), 'origin');
  });
}

for (const [name, headers] of [
  ['the editor', { 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:1880' }],
  ['the editor in an older browser', { origin: 'http://127.0.0.1:1880' }],
  ['a program', {}],
] as const) {
  test(`${name} may send and open a websocket`, () => {
    assert.equal(refusal({ headers, method: 'POST' }), undefined);
    assert.equal(refusal({ headers, isUpgrade: true }), undefined);
  });
}

test('a page at an allowed name may send through a proxy that asks by our own', () => {
  const headers = { origin: 'https://red.example', 'sec-fetch-site': 'cross-site' };
  assert.equal(refusal({ headers, method: 'POST' }, 'red.example'), undefined);
  assert.equal(refusal({ headers, method: 'POST' }), 'origin');
});

test('`isLoopback()` knows what only this machine reaches', () => {
  for (const host of ['127.0.0.1', 'localhost', '::1', '127.0.1.1']) assert.equal(isLoopback(host), true);
  for (const host of ['0.0.0.0', '::', '', undefined, '192.0.2.1', 'host.example'])
    assert.equal(isLoopback(host), false);
});

test('a guarded server answers 403 and says each name once, in printable characters', async (t) => {
  const said: string[] = [];
  const reached: string[] = [];
  const server = createServer((request, response) => {
    reached.push(String(request.url));
    response.end();
  });
  server.on('upgrade', (request, socket) => {
    reached.push(String(request.url));
    socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
  });
  guardServer(server, allowedHosts(''), (words) => said.push(words));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const ask = async (headers: Record<string, string>): Promise<number | undefined> => {
    const request = send({ host: '127.0.0.1', port, headers, agent: false });
    request.end();
    return new Promise((resolve, reject) => {
      request.on('error', reject);
      for (const event of ['response', 'upgrade'] as const) {
        request.on(event, (response: IncomingMessage) => {
          response.resume();
          request.destroy();
          resolve(response.statusCode);
        });
      }
    });
  };
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket' };
  assert.equal(await ask({}), 200);
  assert.equal(await ask({ host: 'evil.example\u009b31m' }), 403);
  assert.equal(await ask({ host: 'evil.example\u009b31m' }), 403);
  assert.equal(await ask({ ...upgrade, origin: 'http://evil.example' }), 403);
  assert.equal(await ask({ ...upgrade, host: 'evil.example' }), 403);
  assert.equal(await ask({ ...upgrade }), 101);
  assert.equal(reached.length, 2);
  assert.equal(said.length, 3);
  for (const words of said) assert.match(words, /^[\x20-\x7e]+$/);
  assert.match(said[0] ?? '', /evil\.example.*MONITORING_ALLOWED_HOSTS/);
});
