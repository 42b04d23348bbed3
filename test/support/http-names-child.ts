// Runs in a mount namespace whose /etc/resolv.conf names its own name server. Prints one line of JSON. The argument is
// the address of the name server.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Resolver } from '../../lib/io/resolver.ts';
import { type Answer, startDnsServer } from './dns-server.ts';
import { checkOnce } from './http-checks.ts';
import { until } from './until.ts';

const listen = (host: string): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer((_request, response) => response.end(host));
    server.unref();
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port));
  });

const NAMES: { [name: string]: Answer } = {
  'good.test': { a: '127.0.0.1' },
  'other.test': { a: '127.0.0.1' },
  'slow.test': { a: '127.0.0.1', afterMs: 400 },
  'six.test': { aaaa: '::1' },
  // The system tries the search domain first: `options ndots:2`.
  'web.one.inside.test': { a: '127.0.0.1' },
  'web.one': { a: '127.0.0.9' },
};
// As many dead names as would hold every thread of the pool.
const DEAD = ['dead1.test', 'dead2.test', 'dead3.test', 'dead4.test', 'dead5.test', 'dead6.test'];
const silent = DEAD.map((name) => [name, 'never'] as const);
const asked = new Set<string>();
await startDnsServer({ ...NAMES, ...Object.fromEntries(silent) }, process.argv[2] ?? '', 53, (name) => asked.add(name));

const port = await listen('127.0.0.1');
const port6 = await listen('::1');
const resolver = new Resolver();
const ask = async (name: string, family: 0 | 4 | 6 = 0, timeoutMs = 5_000) => {
  const url = `http://${name}:${family === 6 ? port6 : port}/`;
  const { failure, phases, totalMs } = await checkOnce(url, { family, timeoutMs }, resolver);
  return { type: failure?.type ?? 'success', phase: failure?.phase, dns: phases.dns ?? 0, totalMs };
};

const slow = await ask('slow.test');
const missing = await ask('missing.test');
const six = await ask('six.test', 6);
const notFour = await ask('six.test', 4);
const dead = DEAD.map((name) => ask(name, 0, 2_500));
await until(() => DEAD.every((name) => asked.has(name)));
// What must not wait for them.
const fileStarted = performance.now();
await readFile('/etc/resolv.conf');
const fileMs = performance.now() - fileStarted;
const beside = await Promise.all([
  ask('good.test'),
  ask('other.test'),
  ask('hosts.test'),
  ask('127.0.0.1'),
  ask('web.one'),
]);
const named = await resolver.resolve('web.one');
console.log(JSON.stringify({ slow, missing, six, notFour, fileMs, beside, named, dead: await Promise.all(dead) }));
process.exit(0);
