// Runs in a network namespace in which an address of the outside is this host's, too. Prints one line of JSON.
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Resolver } from '../../lib/io/resolver.ts';
import { bodyText } from './exchange.ts';
import { checkOnce, failureReason } from './http-checks.ts';

const OUTSIDE = '203.0.113.80';
const asked: string[] = [];

const listen = (host: string, answer: (request: IncomingMessage) => string | undefined): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer((request, response) => {
      const location = answer(request);
      if (location === undefined) response.end('inside secret');
      else response.writeHead(302, { location }).end();
    });
    server.unref();
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port));
  });

const inside = await listen('127.0.0.1', (request) => void asked.push(String(request.headers.host)));
/** Redirects to what its query says. */
const follow = (request: IncomingMessage): string => decodeURIComponent(String(request.url).slice(2));
const outside = await listen(OUTSIDE, follow);
const insideFirst = await listen('127.0.0.1', follow);

/** The same in HTTP/2 alone. */
const outsideHttp2: number = await new Promise((resolve) => {
  const server = createHttp2Server((request, response) => {
    response.writeHead(302, { location: decodeURIComponent(request.url.slice(2)) }).end();
  });
  server.listen(0, OUTSIDE, () => resolve((server.address() as AddressInfo).port));
});

let turn = 0;
const resolver = new Resolver({
  hostsFile: '/dev/null',
  lookup: async (name) => {
    turn += 1;
    const address = name === 'inside.test' || (name === 'turns.test' && turn > 1) ? '127.0.0.1' : OUTSIDE;
    const both = [{ address: OUTSIDE, family: 4 }];
    return name === 'both.test' ? [...both, { address: '127.0.0.1', family: 4 }] : [{ address, family: 4 }];
  },
});

const ask = async (first: string, location: string, insideRedirects = false) => {
  asked.length = 0;
  turn = 0;
  const url = `http://${first}/?${encodeURIComponent(location)}`;
  const exchange = await checkOnce(url, { timeoutMs: 3_000, insideRedirects }, resolver);
  const { failure, finalUrl, isForeign } = exchange;
  return {
    type: failure?.type ?? 'success',
    reason: failureReason(exchange),
    finalUrl,
    isForeign,
    body: bodyText(exchange),
    asked: asked.length,
  };
};

const hosts = [
  '127.0.0.1',
  'localhost',
  '[::ffff:127.0.0.1]',
  '2130706433',
  '0x7f.1',
  '0.0.0.0',
  'inside.test',
  'both.test',
  'web.localhost',
];
const refused = [];
for (const host of hosts) refused.push(await ask(`${OUTSIDE}:${outside}`, `http://${host}:${inside}/meta`));
for (const url of [
  'http://169.254.169.254/',
  'http://10.0.0.1/',
  'http://[fe80::1]/',
  'http://[fd00::1]/',
  'http://100.64.0.1/',
])
  refused.push(await ask(`${OUTSIDE}:${outside}`, url));
refused.push(await ask(`${OUTSIDE}:${outsideHttp2}`, `http://127.0.0.1:${inside}/meta`));
// By a second redirect, from the outside to the outside.
const twice = `http://${OUTSIDE}:${outside}/?${encodeURIComponent(`http://127.0.0.1:${inside}/`)}`;
refused.push(await ask(`${OUTSIDE}:${outside}`, twice));
// The same name, whose owner gives another address the second time.
const turned = await ask(`turns.test:${outside}`, `http://turns.test:${inside}/`);
const ticked = await ask(`${OUTSIDE}:${outside}`, `http://127.0.0.1:${inside}/`, true);
const fromInside = await ask(`127.0.0.1:${insideFirst}`, `http://localhost:${inside}/`);
console.log(JSON.stringify({ refused, turned, ticked, fromInside }));
process.exit(0);
