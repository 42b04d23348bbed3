// Risk: on a host with Docker an ordinary user's Node-RED warns of each container for ever.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { IMAGE, missingForDocker, startEngine } from '../../support/docker.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { logLines, packageRoot, startNodeRed } from '../../support/node-red.ts';
import { program, real } from '../../support/real.ts';

const NOBODY = 65_534;
const DROP = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--no-new-privs', '--inh-caps=-all'];
const node = join(packageRoot, 'node_modules/node/bin/node');
const setpriv = program('setpriv');
const missing = missingForDocker(true);
const isClosed =
  missing === undefined && setpriv !== undefined && spawnSync(setpriv, [...DROP, node, '--version']).status !== 0;

test('a user without root on a host with Docker has its disk, one line about the rest, and no alarm', {
  ...(isClosed
    ? { skip: 'nobody may not read this clone' }
    : real(`setpriv and an engine (${missing})`, missing === undefined && setpriv !== undefined)),
  timeout: 90_000,
}, async (t) => {
  const engine = await startEngine(t, true);
  const folder = dirname(engine.socket);
  chmodSync(folder, 0o755);
  assert.equal(statSync(join(folder, 'root')).mode & 0o007, 0, 'the engine closes its data to others');
  await engine.docker('run', '-d', '--network', 'none', IMAGE, 'sleep', '600');
  const graylog = await receiveTcp(t);
  const [userDir, scripts] = [temporaryFolder(), temporaryFolder()];
  const start = join(scripts, 'start');
  writeFileSync(start, `#!/bin/sh\nexec ${setpriv} ${DROP.join(' ')} ${node} "$@"\n`);
  for (const path of [scripts, start]) chmodSync(path, 0o755);
  const text = readFileSync(join(packageRoot, 'flows/infrastructure-monitoring.json'), 'utf8');
  const flow = (JSON.parse(text) as { type: string }[]).map((part) =>
    part.type === 'disk-stats' ? { ...part, interval: '1' } : part,
  );
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flow));
  chownSync(userDir, NOBODY, NOBODY);
  const red = await startNodeRed(t, {
    userDir,
    node: start,
    env: { LOGGING_URL: `127.0.0.1:${graylog.port}`, DOCKER_HOST: engine.host, HOME: userDir },
  });
  const disks = () => graylog.documents.filter(({ _log_type }) => _log_type === 'disk');
  await graylog.until(() => disks().filter(({ _disk_mount }) => _disk_mount === '/').length >= 5, 40_000);
  const ofContainers = disks().filter(({ _disk_mount }) => String(_disk_mount).startsWith(`${folder}/`));
  assert.deepEqual(ofContainers, []);
  const told = logLines(red, /\[disk-stats:/);
  assert.equal(told.length, 1, told.join('\n'));
  assert.match(told[0] ?? '', /\[info\].* left out/);
});
