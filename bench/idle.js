// What the default flow costs a host where nothing happens: CPU time in a minute above that of a Node-RED without it, its
// children included: `npm run bench -- idle [SECONDS]`.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { node, number, root, start, treeCpu } from './measure.js';

/** The compiler and the first records are left out. */
const SETTLE_MS = 20_000;

export async function benchIdle(seconds = 120) {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-bench-'));
  // Graylog's TCP input: it reads everything, says nothing, and ends when its client does.
  const server = createServer((socket) => socket.on('error', () => undefined).resume());
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const log = join(folder, 'auth.log');
  appendFileSync(log, '2026-01-01T00:00:00.000000+00:00 bench sshd[1]: Server listening on 0.0.0.0 port 22.\n');
  const flow = readFileSync(join(root, 'flows/infrastructure-monitoring.json'), 'utf8');
  const env = { AUTH_LOG: log, LOGGING_URL: `tcp://127.0.0.1:${server.address().port}` };
  try {
    // At the same time: what else the machine does then counts for both.
    const [bare, own] = await Promise.all([
      // Without this package: the page's plugin runs also where no flow does.
      cpuOf(folder, '[]', {}, seconds, []),
      cpuOf(folder, flow, env, seconds, [root]),
    ]);
    console.log(
      `at rest, CPU ms a minute: bare Node-RED ${number(bare)}, with the default flow ${number(own)}, ` +
        `above ${number(own - bare)} (over ${seconds} s)`,
    );
    return own - bare;
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function cpuOf(folder, flow, env, seconds, nodesDir) {
  const userDir = mkdtempSync(join(folder, 'idle-'));
  writeFileSync(join(userDir, 'flows.json'), flow);
  const settings = { flowFile: 'flows.json', uiHost: '127.0.0.1', telemetry: { enabled: false }, nodesDir };
  writeFileSync(join(userDir, 'settings.js'), `module.exports = ${JSON.stringify(settings)};`);
  const red = join(root, 'node_modules/node-red/red.js');
  const program = start(node, [red, '--port', '0', '--userDir', userDir], { env: { ...process.env, ...env } });
  await program.line(/Started flows/);
  await pause(SETTLE_MS);
  const before = treeCpu(program.pid);
  await pause(seconds * 1000);
  const after = treeCpu(program.pid);
  await program.stop();
  return ((after - before) * 1000 * 60) / seconds;
}
