// The package loads on macOS and on Windows, where `npm start` works. The workflow runs this file on them; here this system
// is made to call itself by their names, which shows what our own code makes of the name, and not what those systems do.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { temporaryFolder } from '../support/folder.ts';
import { packageRoot, type RunningNodeRed, startByScript, startNodeRed } from '../support/node-red.ts';
import { nodeTypes } from '../support/package.ts';

interface NodeSet {
  types: string[];
  enabled: boolean;
  err?: string;
}

const preload = pathToFileURL(join(packageRoot, 'test/support/platform-preload.mjs')).href;
const here = process.platform;
const names: NodeJS.Platform[] = here === 'linux' ? ['darwin', 'win32'] : [here];

/** `npm start` itself on this system; Node-RED with the default flow where only it can take this system for another. */
function start(t: TestContext, name: NodeJS.Platform): Promise<RunningNodeRed> {
  const env = { HOST_ROOT: temporaryFolder(), AUTH_LOG: '', LOGGING_URL: '' };
  if (name === here) return startByScript(t, { userDir: temporaryFolder(), env });
  const pretend = { PRETEND_PLATFORM: name, NODE_OPTIONS: `--import=${preload}` };
  const text = readFileSync(join(packageRoot, 'flows/infrastructure-monitoring.json'), 'utf8');
  const flow = JSON.parse(text) as object[];
  return startNodeRed(t, { userDir: temporaryFolder(), flow, env: { ...env, ...pretend } });
}

for (const name of names) {
  test(`\`npm start\` loads every node and runs the default flow on ${name}`, { timeout: 180_000 }, async (t) => {
    const red = await start(t, name);
    const sets = await red.api<NodeSet[]>('/nodes', { headers: { accept: 'application/json' } });
    const ours = sets.filter(({ types }) => types.some((type) => nodeTypes.includes(type)));
    assert.deepEqual(ours.flatMap(({ types }) => types).sort(), [...nodeTypes].sort());
    assert.deepEqual(
      ours.filter(({ enabled, err }) => !enabled || err !== undefined),
      [],
    );
    await red.logged(/Started flows/, 30_000);
    await red.logged(/\[graylog-server:[^\]]+\] sending to file/, 30_000);
    assert.doesNotMatch(red.log(), /auth-log-in: /, 'what needs Linux is no error');
    assert.equal(red.process.exitCode, null);
  });
}
