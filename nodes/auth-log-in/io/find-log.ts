import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { JOURNAL_FOLDERS } from './journal/files.ts';

/** What a host's syslog daemon writes, under its `/`: Debian's name, and that of others. */
const FILES = ['var/log/auth.log', 'var/log/secure'];

/** The log of the host whose `/` is at `hostRoot`: the first of two files, else `journal`. Undefined where there is none yet. */
export function findLog(hostRoot: string): string | undefined {
  return firstExisting(hostRoot, FILES) ?? (hasJournal(hostRoot) ? 'journal' : undefined);
}

/** Whether the host keeps a journal, over a reboot or not. */
export function hasJournal(hostRoot: string): boolean {
  return firstExisting(hostRoot, JOURNAL_FOLDERS) !== undefined;
}

/** Whether the host's own syslog daemon writes the file, so that the host's journal has the same. */
export function isHostFile(hostRoot: string, path: string): boolean {
  return FILES.some((file) => join(hostRoot, file) === path);
}

function firstExisting(hostRoot: string, paths: string[]): string | undefined {
  return paths.map((path) => join(hostRoot, path)).find((path) => existsSync(path));
}
