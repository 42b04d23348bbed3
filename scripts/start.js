// `npm start`: installs and builds what is due, deploys the default flow into an empty user directory, starts Node-RED.
import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { node, root } from './prepare/clone.js';
import { prepare } from './prepare/prepare.js';
import { readArguments } from './start/arguments.js';
import { destination } from './start/destination.js';
import { deployFlows } from './start/flows.js';
import { prepareSettings } from './start/settings.js';

await prepare();

const words = process.argv.slice(2);
const { userDir, settingsFile, flowFile } = readArguments(words, join(root, '.node-red'));
const settings = prepareSettings(root, userDir, settingsFile);

for (const line of deployFlows(root, userDir, flowFile ?? settings.flowFile)) console.log(line);
console.log(await destination(root, userDir, process.env));

const nodeRed = join(root, 'node_modules/node-red/red.js');
const own = words.some((word) => /^(-u|--userDir)(=|$)/.test(word)) ? [] : ['--userDir', userDir];
const child = spawn(node, [nodeRed, ...own, ...settings.words, ...words], {
  stdio: 'inherit',
  env: {
    ...process.env,
    // A script of npm has node_modules/.bin first in its PATH. This file may be run by hand.
    PATH: [dirname(node), process.env.PATH].join(delimiter),
  },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1);
});
