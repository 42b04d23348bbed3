import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Node-RED's options that take a word of their own. */
const WITH_VALUE = /^(-p|--port|-s|--settings|-u|--userDir|-D|--define|-t|--title)$/;

/**
 * What of Node-RED's own words matters here: the user directory, the settings file and the flow file, as absolute paths, and
 * where it is told to listen. What is said in another way is seen by `node-red.js`, which has the last word.
 */
export function readArguments(words, defaultUserDir) {
  const found = {};
  let flowFile;
  for (let i = 0; i < words.length; i += 1) {
    const [option, inline] = words[i].startsWith('-') ? words[i].split(/=(.*)/s) : [undefined, words[i]];
    if (option === undefined) {
      flowFile = resolve(inline);
      continue;
    }
    const value = inline ?? (WITH_VALUE.test(option) ? words[++i] : undefined);
    const [name, given] = meaningOf(option, value);
    if (given !== undefined) found[name] = given;
  }
  const { userDir = defaultUserDir, settings, uiHost } = found;
  const own = join(userDir, 'settings.js');
  return { userDir, flowFile, uiHost, settingsFile: settings ?? (existsSync(own) ? own : undefined) };
}

/** What an option says: its name here and its value, undefined for one that does not matter. */
function meaningOf(option, value) {
  if (option === '-u' || option === '--userDir') return ['userDir', resolve(value ?? '.')];
  if (option === '-s' || option === '--settings') return ['settings', resolve(value ?? '.')];
  if (option === '-D' || option === '--define') return ['uiHost', /^uiHost=(.*)$/s.exec(value ?? '')?.[1]];
  return [option, undefined];
}
