import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Node-RED's options that take a word of their own. */
const WITH_VALUE = /^(-p|--port|-s|--settings|-u|--userDir|-D|--define|-t|--title)$/;

/** What of Node-RED's own words matters here: the user directory, the settings file and the flow file, as absolute paths. */
export function readArguments(words, defaultUserDir) {
  let userDir = defaultUserDir;
  let settings;
  let flowFile;
  for (let i = 0; i < words.length; i += 1) {
    const [option, inline] = words[i].startsWith('-') ? words[i].split(/=(.*)/s) : [undefined, words[i]];
    if (option === undefined) {
      flowFile = resolve(inline);
      continue;
    }
    const value = inline ?? (WITH_VALUE.test(option) ? words[++i] : undefined);
    if (option === '-u' || option === '--userDir') userDir = resolve(value ?? '.');
    if (option === '-s' || option === '--settings') settings = resolve(value ?? '.');
  }
  const own = join(userDir, 'settings.js');
  return { userDir, flowFile, settingsFile: settings ?? (existsSync(own) ? own : undefined) };
}
