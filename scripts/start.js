// `npm start`: installs and builds what is due, deploys the default flow into an empty user directory, starts Node-RED.
import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { node, root } from './prepare/clone.js';
import { prepare } from './prepare/prepare.js';
import { readArguments } from './start/arguments.js';
import { destination } from './start/destination.js';
import { deployFlows } from './start/flows.js';
import { isLoopback } from './start/gate.js';
import { askPassword, checkPassword, NO_PASSWORD, secretOf } from './start/password.js';
import { prepareSettings } from './start/settings.js';

await prepare();

const words = process.argv.slice(2);
const { userDir, settingsFile, flowFile, uiHost } = readArguments(words, join(root, '.node-red'));
const settings = prepareSettings(root, userDir, settingsFile);

/** What Node-RED gets beside the environment of this process. Throws where it must not start. */
async function secrets() {
  const host = uiHost ?? settings.uiHost;
  const isOpen = !isLoopback(host) && !settings.hasLogIn;
  let password = secretOf(process.env, 'MONITORING_PASSWORD');
  if (isOpen && password === undefined && process.stdin.isTTY && process.stdout.isTTY)
    password = await askPassword(host);
  if (isOpen && password === undefined) throw new Error(NO_PASSWORD(host));
  const webhook = secretOf(process.env, 'ALERT_WEBHOOK_URL');
  return {
    ...(password === undefined ? {} : { MONITORING_PASSWORD: checkPassword(password) }),
    ...(webhook === undefined ? {} : { ALERT_WEBHOOK_URL: webhook }),
  };
}

async function start() {
  const given = await secrets();
  for (const line of await deployFlows(root, userDir, flowFile ?? settings.flowFile)) console.log(line);
  console.log(await destination(root, userDir, process.env));

  const own = words.some((word) => /^(-u|--userDir)(=|$)/.test(word)) ? [] : ['--userDir', userDir];
  const child = spawn(node, [join(root, 'scripts/start/node-red.js'), ...own, ...settings.words, ...words], {
    stdio: 'inherit',
    env: {
      ...process.env,
      // A script of npm has node_modules/.bin first in its PATH. This file may be run by hand.
      PATH: [dirname(node), process.env.PATH].join(delimiter),
      ...given,
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
