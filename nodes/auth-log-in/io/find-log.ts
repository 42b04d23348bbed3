import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The log of the host whose `/` is at `hostRoot`: the first of two files, else `journal`. Undefined where there is none yet. */
export function findLog(hostRoot: string): string | undefined {
  const file = firstExisting(hostRoot, ['var/log/auth.log', 'var/log/secure']);
  return file ?? (findJournal(hostRoot) === undefined ? undefined : 'journal');
}

/** The folder of the host's journal, which is kept over a reboot or not. Undefined where there is none. */
export function findJournal(hostRoot: string): string | undefined {
  return firstExisting(hostRoot, ['var/log/journal', 'run/log/journal']);
}

function firstExisting(hostRoot: string, paths: string[]): string | undefined {
  return paths.map((path) => join(hostRoot, path)).find((path) => existsSync(path));
}
