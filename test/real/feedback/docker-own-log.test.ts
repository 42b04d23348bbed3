// Risk: Node-RED in a container follows its own log, of which every line makes one more.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { IMAGE, missingForDocker, startEngine, type TestEngine } from '../../support/docker.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Document, receiveTcp } from '../../support/graylog.ts';
import { packageRoot } from '../../support/node-red.ts';
import { program, real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const RUNTIME_IMAGE = 'infra-monitoring-test:libraries';
const NAME = 'node-red';
const HOST = 'somehost';
const DEADLINE_MS = 60_000;

function missingPart(): string | undefined {
  if (process.platform !== 'linux') return 'the host is not Linux';
  if (program('ldd') === undefined) return 'there is no ldd';
  return missingForDocker(true);
}

const missing = missingPart();
const options = { ...real(`Docker Engine of its own: ${missing}`, missing === undefined), timeout: 240_000 };

/** The file system types of this process's mounts by their places: of more than one at a place the last counts. */
function mountsHere(): Map<string, string> {
  const rows = readFileSync('/proc/self/mountinfo', 'utf8').trimEnd().split('\n');
  return new Map(rows.map((row) => [row.split(' ')[4] ?? '', row.split(' - ')[1]?.split(' ')[0] ?? '']));
}

/** An image with what the Node.js of node_modules needs of a system: Node.js itself is mounted, with the package. */
async function importRuntime(engine: TestEngine): Promise<void> {
  const folder = temporaryFolder();
  const listed = execFileSync('ldd', [join(packageRoot, 'node_modules/node/bin/node')], { encoding: 'utf8' });
  for (const [library] of listed.matchAll(/(?<=\s)\/\S+/g)) {
    mkdirSync(join(folder, 'image', dirname(library)), { recursive: true });
    copyFileSync(library, join(folder, 'image', library));
  }
  const tar = join(folder, 'image.tar');
  execFileSync('tar', ['-C', join(folder, 'image'), '-cf', tar, '.']);
  await engine.docker('import', tar, RUNTIME_IMAGE);
}

/** Starts Node-RED with `flow` in a container that has the engine's socket and the host's `/`; gives its id. */
async function startInContainer(engine: TestEngine, flow: object[]): Promise<string> {
  const userDir = temporaryFolder();
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flow));
  const settings = { flowFile: 'flows.json', credentialSecret: false, uiHost: '127.0.0.1', nodesDir: ['/package'] };
  writeFileSync(join(userDir, 'settings.js'), `module.exports = ${JSON.stringify(settings)};\n`);
  const mounts = [
    ...['dist', 'package.json', 'node_modules'].map(
      (part) => `${realpathSync(join(packageRoot, part))}:/package/${part}:ro`,
    ),
    `${userDir}:/data`,
    `${engine.socket}:/var/run/docker.sock`,
    '/:/host:ro',
  ];
  const variables = { HOME: '/data', HOST_ROOT: '/host', MONITORED_HOST: HOST };
  const modules = '/package/node_modules';
  const id = await engine.docker(
    ...['run', '-d', '--name', NAME, '--network', 'host', '--tmpfs', '/tmp'],
    ...mounts.flatMap((mount) => ['-v', mount]),
    ...Object.entries(variables).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
    RUNTIME_IMAGE,
    ...[`${modules}/node/bin/node`, `${modules}/node-red/red.js`, '--port', '0', '--userDir', '/data'],
  );
  return id.trim();
}

test('Node-RED in a container watches the host and the other containers, never its own log', options, async (t) => {
  const engine = await startEngine(t, true);
  const receiver = await receiveTcp(t);
  await importRuntime(engine);
  const source = { z: 'f', engine: 'e' };
  const own = await startInContainer(engine, [
    { id: 'f', type: 'tab', label: 'Flow' },
    { id: 'e', type: 'docker-engine', host: '' },
    { id: 's', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${receiver.port}` },
    { ...source, id: 'l', type: 'docker-logs-in', from: 'start', composeDir: '', wires: [['out', 'say']] },
    { ...source, id: 'd', type: 'disk-stats', interval: '60', wires: [['out']] },
    { ...source, id: 'u', type: 'uptime', interval: '60', wires: [['out']] },
    { id: 'out', z: 'f', type: 'graylog-out', server: 's', wires: [] },
    // Each line that arrives is one more line in Node-RED's own log: following that would never come to an end.
    { id: 'say', z: 'f', type: 'debug', active: true, console: true, complete: 'payload', wires: [] },
  ]);
  const ownLog = (): Promise<string> => engine.docker('logs', own);
  const find = async (what: string, isIt: (document: Document) => boolean): Promise<Document> => {
    try {
      return await receiver.find(isIt, DEADLINE_MS);
    } catch (error) {
      throw new Error(`${what}: ${(error as Error).message}\n${(await ownLog()).slice(-4_000)}`);
    }
  };
  const line = (text: string): Promise<Document> => find(text, ({ short_message }) => short_message === text);

  try {
    const [uptime, disk] = await Promise.all([
      find('uptime', ({ _log_type }) => _log_type === 'uptime'),
      find('the root of the host', ({ _log_type, _disk_mount }) => _log_type === 'disk' && _disk_mount === '/'),
    ]);
    const host = mountsHere();
    assert.equal(disk._disk_fs_type, host.get('/'));
    assert.ok(Number(uptime._uptime_seconds) > 0);

    const print = (name: string): Promise<string> =>
      engine.docker('run', '-d', '--name', name, '--network', 'none', IMAGE, 'sh', '-c', `echo from ${name}`);
    await print('first');
    const first = await line('from first');
    assert.equal(first._container_name, 'first');
    // By now Node-RED has printed of its own accord and of the first line. What was followed would come with the next.
    await until(async () => (await ownLog()).includes('from first'), DEADLINE_MS);
    const isOwnLine = ({ _log_type, _container_id }: Document): boolean =>
      _log_type === 'docker_log' && _container_id === own;
    assert.equal(receiver.documents.some(isOwnLine), false, 'it follows its own log');
    await print('second');
    await line('from second');

    const logs = receiver.documents.filter(({ _log_type }) => _log_type === 'docker_log');
    assert.deepEqual(
      logs.map(({ _container_name, short_message }) => `${_container_name}: ${short_message}`),
      ['first: from first', 'second: from second'],
    );
    const mounts = receiver.documents.flatMap(({ _disk_mount }) => (_disk_mount === undefined ? [] : [_disk_mount]));
    const inContainer = (mount: unknown): boolean => /^\/(host|data|package|etc)\b/.test(String(mount));
    // Only those that this host has as well: mounts of other tests come and go.
    assert.deepEqual(
      mounts.filter((mount) => inContainer(mount) && !host.has(String(mount))),
      [],
    );
    assert.deepEqual([...new Set(receiver.documents.map((document) => document.host))], [HOST]);
    assert.deepEqual(receiver.faults, []);
  } finally {
    await engine.docker('rm', '-f', own);
  }
});
