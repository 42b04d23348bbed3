import { readArguments } from './arguments.js';
import { destination } from './destination.js';
import { deployFlows } from './flows.js';
import { isLoopback } from './gate.js';
import { askPassword, checkPassword, NO_PASSWORD, secretOf } from './password.js';
import { prepareSettings } from './settings.js';
import { checkUserDir } from './user-dir.js';

/**
 * Makes a user directory ready for Node-RED. Resolves to the arguments for `node-red.js` and to the variables that it gets
 * beside those of this process. Says on standard output what was deployed and where records go. Rejects where Node-RED
 * must not start. `claim` is asked for the directory before anything is written there.
 */
export async function arrange(root, words, defaultUserDir, claim = async () => undefined) {
  const { userDir, settingsFile, flowFile, uiHost } = readArguments(words, defaultUserDir);
  checkUserDir(userDir);
  await claim(userDir);
  const settings = prepareSettings(root, userDir, settingsFile);
  const env = await secrets(uiHost ?? settings.uiHost, settings.hasLogIn);
  for (const line of await deployFlows(root, userDir, flowFile ?? settings.flowFile)) console.log(line);
  console.log(await destination(root, userDir, process.env));
  const own = words.some((word) => /^(-u|--userDir)(=|$)/.test(word)) ? [] : ['--userDir', userDir];
  return { env, words: [...own, ...settings.words, ...words] };
}

async function secrets(host, hasLogIn) {
  const isOpen = !isLoopback(host) && !hasLogIn;
  let password = secretOf(process.env, 'MONITORING_PASSWORD');
  if (isOpen && password === undefined && process.stdin.isTTY && process.stdout.isTTY)
    password = await askPassword(host);
  if (isOpen && password === undefined) throw new Error(NO_PASSWORD(host));
  const webhook = secretOf(process.env, 'ALERT_WEBHOOK_URL');
  return {
    ...(password === undefined ? {} : { MONITORING_PASSWORD: checkPassword(password) }),
    ...(webhook === undefined ? {} : { ALERT_WEBHOOK_URL: webhook, ALERT_WEBHOOK_URL_FILE: '' }),
  };
}
