// Runs in a mount namespace whose /etc/resolv.conf names the test's own name server. Prints one line of JSON.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Resolver } from '../../nodes/http-check/io/lookup.ts';
import { checkOnce } from './http-checks.ts';

const listen = (host: string): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer((_request, response) => response.end(host));
    server.unref();
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port));
  });

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
// As many dead names as would hold every thread of the pool, and what must not wait for them.
const dead = ['dead1', 'dead2', 'dead3', 'dead4', 'dead5', 'dead6'].map((name) => ask(`${name}.test`, 0, 2_500));
await new Promise((resolve) => setTimeout(resolve, 100));
const fileStarted = performance.now();
await readFile('/etc/resolv.conf');
const fileMs = performance.now() - fileStarted;
const beside = await Promise.all([ask('good.test'), ask('other.test'), ask('hosts.test'), ask('127.0.0.1')]);
console.log(JSON.stringify({ slow, missing, six, notFour, fileMs, beside, dead: await Promise.all(dead) }));
process.exit(0);
