// `npm start`: installs and builds what is due, deploys the default flow into an empty user directory, starts Node-RED.
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { prepare, root } from './prepare.js';
import { readArguments } from './start/arguments.js';
import { deployFlows } from './start/flows.js';
import { prepareSettings } from './start/settings.js';

await prepare();

const words = process.argv.slice(2);
const { userDir, settingsFile, flowFile } = readArguments(words, join(root, '.node-red'));
const settings = prepareSettings(root, userDir, settingsFile);
const url = process.env.LOGGING_URL?.trim();
const isEmbedded = url === undefined || url === '';

for (const line of deployFlows(root, userDir, flowFile ?? settings.flowFile, isEmbedded)) console.log(line);
console.log(
  isEmbedded
    ? `LOGGING_URL is not set: records are kept in ${join(userDir, 'infra-monitoring/collected.ndjson')}`
    : `Records go to ${url}`,
);

const nodeRed = join(root, 'node_modules/node-red/red.js');
// npm's own node_modules/.bin comes first in the PATH of a script, but not when this file is run by hand.
const node = join(root, 'node_modules/node/bin/node');
const own = words.some((word) => /^(-u|--userDir)(=|$)/.test(word)) ? [] : ['--userDir', userDir];
const child = spawn(node, [nodeRed, ...own, ...settings.words, ...words], {
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: `${dirname(node)}:${process.env.PATH}`,
    INFRA_MONITORING_DIR: resolve(userDir, 'infra-monitoring'),
  },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1);
});
