// Risk: what a host's logs say, which only root may read there, can be read by every user in this package's files.
import assert from 'node:assert/strict';
import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryFolder } from '../../support/folder.ts';
import { startByScript } from '../../support/node-red.ts';
import { freePort } from '../../support/ports.ts';
import { real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const posix = real('a system with modes of files', process.platform !== 'win32');
const LINE = `${new Date().toISOString()} web1 sshd[7]: Failed password for root from 203.0.113.7 port 52022 ssh2\n`;

/** Everything below the folder of this package's files, itself too: path and mode. */
function entriesOf(userDir: string): { path: string; mode: number }[] {
  const folder = join(userDir, 'infra-monitoring');
  const below = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return [folder, ...below].flatMap((path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? [] : [{ path, mode: stat.mode & 0o777 }];
  });
}

function open(userDir: string): string[] {
  return entriesOf(userDir)
    .filter(({ mode }) => (mode & 0o077) !== 0)
    .map(({ path, mode }) => `${path} ${mode.toString(8)}`);
}

/** Starts the default flow under the usual umask and lets it write all that it writes on a host without Docker. */
async function runOnce(t: TestContext, userDir: string, url: string): Promise<void> {
  const authLog = join(temporaryFolder(), 'auth.log');
  writeFileSync(authLog, '');
  const umask = process.umask(0o022);
  t.after(() => process.umask(umask));
  const red = await startByScript(t, {
    userDir,
    env: { LOGGING_URL: url, AUTH_LOG: authLog, DOCKER_HOST: 'unix:///nowhere/docker.sock' },
  });
  await red.logged(/Started flows/);
  writeFileSync(authLog, LINE, { flag: 'a' });
  const names = (): string =>
    entriesOf(userDir)
      .map(({ path }) => path)
      .join('\n');
  const wanted = [/uptime-/, /auth-log-in-/, url === '' ? /collected/ : /buffer-.*\/\d+\.log/];
  await until(() => wanted.every((pattern) => pattern.test(names())), 30_000, names);
  await red.stop();
  assert.match(names(), /graylog-server-/);
}

for (const [what, urlOf] of [
  ['with its Graylog away', async () => `tcp://127.0.0.1:${await freePort()}`],
  ['without a Graylog', async () => ''],
] as const) {
  test(`${what} all that the default flow writes is for its owner only`, posix, async (t) => {
    const userDir = temporaryFolder();
    await runOnce(t, userDir, await urlOf());
    assert.deepEqual(open(userDir), []);
  });
}

test('what an earlier version left open is closed at the next start', posix, async (t) => {
  const userDir = temporaryFolder();
  const url = `tcp://127.0.0.1:${await freePort()}`;
  await runOnce(t, userDir, url);
  for (const { path } of entriesOf(userDir)) chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
  await runOnce(t, userDir, url);
  assert.deepEqual(open(userDir), []);
});
