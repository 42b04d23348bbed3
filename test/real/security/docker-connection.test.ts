// Risk: an engine is reached without protection, or somebody else in its place.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createServer, type TlsOptions } from 'node:tls';
import { listContainers } from '../../../lib/docker/containers.ts';
import { parseAddress } from '../../../nodes/docker-engine/address.ts';
import { environmentTls } from '../../../nodes/docker-engine/io/certificates.ts';
import { DockerEngineClient } from '../../../nodes/docker-engine/io/client.ts';
import { selfSigned } from '../../support/certificate.ts';
import { wordsOf } from '../../support/docker-flow.ts';
import { type FakeEngine, fakeContainer, startFakeEngine } from '../../support/fake-engine.ts';
import { program, real } from '../../support/real.ts';

const withOpenssl = real('openssl', program('openssl') !== undefined);
const sshd = program('sshd');
const withSsh = real('sshd for root', sshd !== undefined && program('ssh') !== undefined && process.getuid?.() === 0);

function clientFor(t: TestContext, host: string, tls?: object): DockerEngineClient {
  const { address } = parseAddress(host, tls !== undefined);
  assert.ok(address !== undefined);
  const client = new DockerEngineClient({ address, tls, answerMs: 15_000 });
  t.after(() => client.close());
  return client;
}

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'docker-connection-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Puts TLS before an engine; gives the port. */
async function encrypted(t: TestContext, engine: FakeEngine, options: TlsOptions): Promise<number> {
  const server = createServer(options, (socket) => {
    const inner = connect(engine.host.slice('unix://'.length));
    socket.pipe(inner).pipe(socket);
    for (const end of [socket, inner]) end.on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

test(
  'the client speaks TLS, shows its certificate, and trusts nobody that it does not know',
  withOpenssl,
  async (t) => {
    const engine = await startFakeEngine(t);
    engine.containers = [fakeContainer('one')];
    const { cert, key } = selfSigned();
    const port = await encrypted(t, engine, { cert, key, ca: cert, requestCert: true, rejectUnauthorized: true });
    const trusted = clientFor(t, `tcp://localhost:${port}`, { ca: cert, cert, key });
    assert.deepEqual(
      (await listContainers(trusted)).map(({ Id }) => Id),
      ['one'],
    );
    await assert.rejects(clientFor(t, `https://localhost:${port}`).json('/info'), /self-signed|certificate/);
    await assert.rejects(clientFor(t, `https://localhost:${port}`, { ca: cert }).json('/info'));
  },
);

test('DOCKER_TLS_VERIFY and DOCKER_CERT_PATH count as they do for the docker command', withOpenssl, async (t) => {
  const engine = await startFakeEngine(t);
  const { cert, key } = selfSigned();
  const port = await encrypted(t, engine, { cert, key, ca: cert, requestCert: true, rejectUnauthorized: true });
  const folder = folderFor(t);
  for (const [name, text] of [
    ['ca', cert],
    ['cert', cert],
    ['key', key],
  ] as const)
    writeFileSync(join(folder, `${name}.pem`), text);
  const variables: { [name: string]: string } = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder };
  const tls = environmentTls((name) => variables[name]);
  assert.deepEqual(await clientFor(t, `tcp://localhost:${port}`, tls).json('/containers/json'), []);
  assert.equal(
    environmentTls(() => undefined),
    undefined,
  );
  assert.throws(() => environmentTls((name) => (name === 'DOCKER_CERT_PATH' ? '/nowhere' : '1')), /ENOENT/);
});

/** An ssh command that reaches a sshd of the test's own without a port, with keys of its own. */
function ownSsh(t: TestContext): void {
  const folder = folderFor(t);
  const file = (name: string): string => join(folder, name);
  for (const name of ['host', 'user']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(name)]);
  writeFileSync(file('authorized'), readFileSync(file('user.pub')));
  writeFileSync(file('known'), `engine.example ${readFileSync(file('host.pub'), 'utf8')}`);
  const server = [`HostKey ${file('host')}`, `AuthorizedKeysFile ${file('authorized')}`, 'StrictModes no', 'UsePAM no'];
  writeFileSync(file('sshd_config'), [...server, 'PermitRootLogin yes', ''].join('\n'));
  const client = [`IdentityFile ${file('user')}`, 'IdentitiesOnly yes', `UserKnownHostsFile ${file('known')}`];
  writeFileSync(file('config'), [...client, `ProxyCommand ${sshd} -i -f ${file('sshd_config')}`, ''].join('\n'));
  writeFileSync(file('ssh'), `#!/bin/sh\nexec ${program('ssh')} -F ${file('config')} "$@"\n`);
  chmodSync(file('ssh'), 0o755);
  const { PATH } = process.env;
  process.env.PATH = `${folder}:${PATH}`;
  t.after(() => {
    process.env.PATH = PATH;
  });
  if (!existsSync('/run/sshd')) mkdirSync('/run/sshd');
}

test('the client reaches an engine over ssh, with many streams at once', { ...withSsh, timeout: 60_000 }, async (t) => {
  ownSsh(t);
  const engine = await startFakeEngine(t);
  engine.containers = [fakeContainer('one')];
  const client = clientFor(t, `ssh://${userInfo().username}@engine.example${engine.host.slice('unix://'.length)}`);
  assert.deepEqual(
    (await listContainers(client)).map(({ Id }) => Id),
    ['one'],
  );
  // More than the ten sessions that sshd grants a connection.
  const streams = await Promise.all(Array.from({ length: 30 }, () => client.stream('/events')));
  for (const stream of streams) stream.destroy();
});

test('a host whose key is not known is refused, in the words of ssh', { ...withSsh, timeout: 60_000 }, async (t) => {
  ownSsh(t);
  const client = clientFor(t, 'ssh://stranger.example');
  await assert.rejects(client.json('/info'), (error) => /Host key verification failed/.test(wordsOf(error)));
});
