// Risk: a single file is mounted into the container, and the host rotates it: nothing arrives, and nobody says so.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../../support/folder.ts';
import { real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const CHILD = fileURLToPath(new URL('../../support/auth-log-child.ts', import.meta.url));
const canMount = real('right to make a mount namespace', () => spawnSync('unshare', ['--mount', 'true']).status === 0);
const line = (user: string): string =>
  `2026-11-23T18:04:20Z web1 sshd[1]: Invalid user ${user} from 192.0.2.7 port 1\n`;

/** A reader in a mount namespace, where the host's file is mounted at the path of the log. */
async function startMounted(t: TestContext) {
  const folder = temporaryFolder();
  const [host, log] = [join(folder, 'host.log'), join(folder, 'auth.log')];
  writeFileSync(host, '');
  writeFileSync(log, '');
  const command = 'mount --bind "$1" "$2" && exec "$3" "$4" "$2" "$5"';
  const words = ['sh', '-c', command, 'sh', host, log, process.execPath, CHILD, folder];
  const child = spawn('unshare', ['--mount', '--propagation', 'private', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(async () => {
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    await closed;
  });
  const said: { state?: string; warning?: string; text?: string }[] = [];
  createInterface({ input: child.stdout }).on('line', (text) => said.push(JSON.parse(text)));
  await until(() => said.some(({ state }) => state === 'warning'));
  return { host, said };
}

for (const [what, rotate] of [
  ['renames', (host: string) => renameSync(host, `${host}.1`)],
  ['deletes', (host: string) => rmSync(host)],
] as const) {
  test(
    `auth-log-in says that a log is mounted by itself, reads it, and says when the host ${what} it`,
    canMount,
    async (t) => {
      const { host, said } = await startMounted(t);
      assert.deepEqual(
        said.flatMap(({ warning }) => warning ?? []),
        ['warning.mounted'],
      );
      appendFileSync(host, line('alice'));
      await until(() => said.some(({ text }) => text?.includes('alice') === true));
      rotate(host);
      writeFileSync(host, line('bob'));
      await until(() => said.some(({ warning }) => warning === 'warning.movedAway'), 30_000);
      await until(() => said.some(({ state }) => state === 'fault'));
    },
  );
}
