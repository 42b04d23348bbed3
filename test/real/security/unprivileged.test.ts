// Risk: it runs only for root, or tells nobody what it may not see.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../support/folder.ts';
import { packageRoot, startNodeRed } from '../../support/node-red.ts';
import { program, real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const NOBODY = 65_534;
const DROP = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--no-new-privs', '--inh-caps=-all'];
const node = join(packageRoot, 'node_modules/node/bin/node');
const setpriv = program('setpriv');

const isRoot = process.getuid?.() === 0;

/** Whether nobody may run this clone's Node.js: not where the clone is in a folder of root's. */
function isClosed(): boolean {
  return isRoot && setpriv !== undefined && spawnSync(setpriv, [...DROP, node, '--version']).status !== 0;
}

test('without root, groups and capabilities it ships what it can see, and says what it cannot', {
  ...(isClosed()
    ? { skip: 'nobody may not read this clone' }
    : real('root and setpriv', isRoot && setpriv !== undefined)),
  timeout: 60_000,
}, async (t) => {
  const folder = temporaryFolder();
  const [userDir, authLog, start] = [temporaryFolder(), join(folder, 'auth.log'), join(folder, 'start')];
  writeFileSync(authLog, 'Nov 26 10:00:00 h sshd[1]: Server listening on 0.0.0.0 port 22.\n', { mode: 0o600 });
  writeFileSync(start, `#!/bin/sh\nexec ${setpriv} ${DROP.join(' ')} ${node} "$@"\n`);
  chmodSync(start, 0o755);
  chmodSync(folder, 0o755);
  const flow = JSON.parse(readFileSync(join(packageRoot, 'flows/infrastructure-monitoring.json'), 'utf8')) as object[];
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flow));
  chownSync(userDir, NOBODY, NOBODY);
  const red = await startNodeRed(t, {
    userDir,
    node: start,
    env: { LOGGING_URL: '', AUTH_LOG: authLog, HOME: userDir },
  });
  await red.logged(/\[auth-log-in:.*(permission|EACCES)/i, 30_000);
  const file = join(userDir, 'infra-monitoring/collected.ndjson');
  const kinds = (): Set<unknown> => {
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
    return new Set(lines.map((line) => (JSON.parse(line) as { _log_type: unknown })._log_type));
  };
  await until(() => kinds().has('uptime') && kinds().has('disk') && kinds().has('http_check'), 30_000);
  assert.equal(red.process.exitCode, null);
});
