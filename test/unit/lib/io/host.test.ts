import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { Environment } from '../../../../lib/environment.ts';
import { findHost, type HostSystem, monitoredHost, SYSTEM } from '../../../../lib/io/host.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const variables =
  (values: { [name: string]: string }): Environment =>
  (name) =>
    values[name];

const system = (changes: Partial<HostSystem> = {}): HostSystem => ({
  hostname: () => '4f1c2a9b7d3e',
  surroundings: () => ({ isContainer: true, isKubernetes: false }),
  engineName: () => undefined,
  ...changes,
});

test("`monitoredHost()` is the variable's, else the name of this machine", () => {
  assert.equal(monitoredHost(variables({ MONITORED_HOST: 'web-1' })), 'web-1');
  assert.equal(monitoredHost(variables({ DOCKER_HOST: 'tcp://192.0.2.1' })), hostname());
});

test('below HOST_ROOT the name is that of the host, and the variable counts before it', () => {
  const root = temporaryFolder();
  mkdirSync(join(root, 'etc'));
  writeFileSync(join(root, 'etc/hostname'), 'web-2\n');
  assert.deepEqual(findHost(variables({ HOST_ROOT: root }), system()), { name: 'web-2', isDoubtful: false });
  assert.equal(findHost(variables({ HOST_ROOT: root, MONITORED_HOST: 'web-1' }), system()).name, 'web-1');
});

test('in a container the name is that of the Docker Engine, and without one the id of a container is doubtful', () => {
  const asked: string[] = [];
  const engineName = (socket: string): string => {
    asked.push(socket);
    return 'docker-1';
  };
  assert.deepEqual(findHost(variables({}), system({ engineName })), { name: 'docker-1', isDoubtful: false });
  findHost(variables({ DOCKER_HOST: 'unix:///run/d.sock' }), system({ engineName }));
  // Another host's engine has another name.
  const remote = findHost(variables({ DOCKER_HOST: 'tcp://192.0.2.1:2375' }), system({ engineName }));
  assert.deepEqual(remote, { name: '4f1c2a9b7d3e', isDoubtful: true });
  assert.deepEqual(asked, ['/var/run/docker.sock', '/run/d.sock']);
});

test('a name that somebody chose for a container, or of a host, is not doubtful', () => {
  const chosen = findHost(variables({}), system({ hostname: () => 'monitor' }));
  assert.deepEqual(chosen, { name: 'monitor', isDoubtful: false });
  const onHost = system({
    surroundings: () => ({ isContainer: false, isKubernetes: false }),
    engineName: () => assert.fail('no engine is asked on a host'),
  });
  assert.deepEqual(findHost(variables({}), onHost), { name: '4f1c2a9b7d3e', isDoubtful: false });
});

/** In a thread of its own: who asks waits for the answer and does nothing else. */
const ENGINE = `
const { parentPort, workerData } = require('node:worker_threads');
let requests = 0;
require('node:http').createServer(({ url }, answer) => {
  requests += 1;
  answer.end(url === '/info' ? JSON.stringify({ Name: 'docker-2' }) : '{}');
}).listen(workerData, () => parentPort.postMessage('ready'));
parentPort.on('message', () => parentPort.postMessage(requests));
`;

async function startEngine(t: TestContext): Promise<{ socket: string; requests(): Promise<number> }> {
  const socket = join(temporaryFolder(), 'docker.sock');
  const engine = new Worker(ENGINE, { eval: true, workerData: socket });
  t.after(() => engine.terminate().then(() => undefined));
  await once(engine, 'message');
  return {
    socket,
    async requests() {
      engine.postMessage('count');
      const [count] = await once(engine, 'message');
      return Number(count);
    },
  };
}

test('an engine is asked over its socket, once, and where there is none nobody is asked', async (t) => {
  const { socket, requests } = await startEngine(t);
  const real = system({ engineName: SYSTEM.engineName });
  const environment = variables({ DOCKER_HOST: `unix://${socket}` });
  assert.equal(findHost(environment, real).name, 'docker-2');
  assert.equal(findHost(environment, real).name, 'docker-2');
  assert.equal(await requests(), 1);
  assert.equal(findHost(variables({ DOCKER_HOST: 'unix:///nowhere.sock' }), real).isDoubtful, true);
});
