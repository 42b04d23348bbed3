import { errorCode } from '../../lib/errors.ts';

const DENIALS: ReadonlySet<string | undefined> = new Set(['EACCES', 'EPERM']);

/** The status of a log that cannot be read: one of its own where the user may not, for then there is a remedy. */
export function deniedKey(key: string, cause: unknown): string {
  return key === 'status.unreadable' && DENIALS.has(errorCode(cause)) ? 'status.denied' : key;
}

/** The group whose members may read a log, as Debian and systemd have it; elsewhere `/var/log/secure` is root's alone. */
export function readersOf(log: string): string {
  if (log === 'journal') return 'systemd-journal';
  return log.endsWith('secure') ? 'root' : 'adm';
}
