// `npm start`: installs and builds what is due, deploys the default flow into an empty user directory, starts Node-RED.
import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { node, root } from './prepare/clone.js';
import { prepare } from './prepare/prepare.js';
import { arrange } from './start/arrange.js';

await prepare();

async function start() {
  const { words, env } = await arrange(root, process.argv.slice(2), join(root, '.node-red'));
  const child = spawn(node, [join(root, 'scripts/start/node-red.js'), ...words], {
    stdio: 'inherit',
    env: {
      ...process.env,
      // A script of npm has node_modules/.bin first in its PATH. This file may be run by hand.
      PATH: [dirname(node), process.env.PATH].join(delimiter),
      ...env,
    },
  });
  // Windows has no signals: its console asks both, and kill() would end Node-RED at once.
  const pass = (signal) => process.platform !== 'win32' && child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => pass(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1);
  });
}

await start().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
