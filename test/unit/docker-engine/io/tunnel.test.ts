import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Tunnel } from '../../../../nodes/docker-engine/io/tunnel.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { until } from '../../../support/until.ts';

/** Puts a command of this name before the system's; gives the folder, where its arguments are written. */
function fakeSsh(t: TestContext, script: string): string {
  const folder = temporaryFolder();
  const file = join(folder, 'ssh');
  writeFileSync(
    file,
    `#!/bin/sh\nprintf '%s\\n' "$@" >> '${folder}/arguments'\necho start >> '${folder}/starts'\n${script}\n`,
  );
  chmodSync(file, 0o755);
  const { PATH } = process.env;
  process.env.PATH = `${folder}:${PATH}`;
  t.after(() => {
    process.env.PATH = PATH;
  });
  return folder;
}

function tunnelFor(t: TestContext, address: { port?: number; user?: string } = {}): Tunnel {
  const { port, user } = address;
  const tunnel = new Tunnel({ kind: 'ssh', host: 'engine.example', port, user, socket: '/run/docker.sock' });
  t.after(() => tunnel.close());
  return tunnel;
}

const starts = (folder: string): number => readFileSync(join(folder, 'starts'), 'utf8').split('\n').length - 1;

test('the tunnel forwards the socket of the far side, once for all who ask', async (t) => {
  const folder = fakeSsh(t, 'echo ready; exec sleep 60');
  const tunnel = tunnelFor(t, { port: 2222, user: 'me' });
  const [local, again] = await Promise.all([tunnel.socket(), tunnel.socket()]);
  assert.equal(local, again);
  assert.equal(starts(folder), 1);
  const words = readFileSync(join(folder, 'arguments'), 'utf8').trim().split('\n');
  assert.deepEqual(words.slice(words.indexOf('-p')), [
    ...['-p', '2222', '-l', 'me', '-NT', '-L', `${local}:/run/docker.sock`, '--', 'engine.example'],
  ]);
  assert.ok(words.includes('BatchMode=yes'));
  tunnel.close();
  assert.ok(!existsSync(dirname(local)));
});

test('what ssh says last is why the tunnel does not stand, and the next who asks tries again', async (t) => {
  const folder = fakeSsh(t, 'echo "a warning" >&2; echo "Host key verification failed." >&2; exit 255');
  const tunnel = tunnelFor(t);
  const refused = { code: 'TUNNEL_FAILED', values: { words: 'Host key verification failed.' } };
  await assert.rejects(tunnel.socket(), refused);
  await assert.rejects(tunnel.socket(), refused);
  assert.equal(starts(folder), 2);
});

test('a tunnel that ended without a word tells the exit code', async (t) => {
  fakeSsh(t, 'exit 3');
  await assert.rejects(tunnelFor(t).socket(), { code: 'TUNNEL_ENDED', values: { exitCode: '3' } });
});

test('a tunnel that fell down is opened again', async (t) => {
  // The first tunnel falls down at once, the second one stays.
  const folder = fakeSsh(t, `echo ready; [ "$(wc -l < "$(dirname "$0")/starts")" -ge 2 ] && exec sleep 60; exit 1`);
  const tunnel = tunnelFor(t);
  await tunnel.socket();
  await until(async () => {
    await tunnel.socket();
    return starts(folder) === 2;
  });
});

test('without an ssh command there is no tunnel', async (t) => {
  const { PATH } = process.env;
  process.env.PATH = temporaryFolder();
  t.after(() => {
    process.env.PATH = PATH;
  });
  await assert.rejects(tunnelFor(t).socket(), (error) => {
    assert.equal((error as { code?: string }).code, 'TUNNEL_NOT_STARTED');
    assert.equal(((error as Error).cause as { code?: string }).code, 'ENOENT');
    return true;
  });
});

test('where no descriptor is left the tunnel is not started, and nothing is thrown', async () => {
  const url = new URL('../../../../nodes/docker-engine/io/tunnel.ts', import.meta.url).href;
  const script = `
    import { openSync } from 'node:fs';
    import { Tunnel } from '${url}';
    const tunnel = new Tunnel({ kind: 'ssh', host: 'engine.example', socket: '/run/docker.sock' });
    try { for (;;) openSync('/dev/null'); } catch {}
    tunnel.socket().catch((error) => console.log(error.code, error.cause.code));`;
  const limited = 'ulimit -n 40 && exec "$@"';
  const shell = ['-c', limited, 'sh', process.execPath, '--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)('sh', shell, { timeout: 20_000 });
  assert.equal(stdout, 'TUNNEL_NOT_STARTED EMFILE\n');
});

test('a tunnel that never stands is given up after its time', async (t) => {
  fakeSsh(t, 'exec sleep 60');
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const standing = tunnelFor(t).socket();
  t.mock.timers.tick(20_000);
  await assert.rejects(standing, { code: 'NO_ANSWER_WITHIN' });
});
