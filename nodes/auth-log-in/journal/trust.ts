import { plainName } from '../message/tag.ts';
import type { JournalFields } from './export-format.ts';

/**
 * How far what an entry says of itself is believed. Any user can write to the journal in any program's name; journald adds
 * what the kernel knows of the writer. `none`: only that somebody wrote it. `own`: what a process without rights can tell
 * of its own end. `full`: all of it.
 */
export type Trust = 'full' | 'own' | 'none';

/** Where only root can put a program. */
const SYSTEM_PATH = /^\/(?:usr\/|bin\/|sbin\/|nix\/store\/|run\/wrappers\/)/;
/** The programs that sshd and systemd run as the user who logged in, and the names under which they write. */
const USER_HALVES: ReadonlyMap<string, readonly string[]> = new Map([
  ['sshd', ['sshd', 'internal-sftp']],
  ['sshd-session', ['sshd-session', 'sshd', 'internal-sftp']],
  ['sftp-server', ['sftp-server']],
  ['dropbear', ['dropbear']],
  ['systemd', ['systemd', '(systemd)', '(sd-pam)']],
  ['systemd-executor', ['(systemd)', '(sd-pam)']],
]);
/** Services that decide about authentication under an account of their own, which no user's program runs in. */
const SERVICES: ReadonlyMap<string, string> = new Map([
  ['polkitd', 'polkit.service'],
  ['proftpd', 'proftpd.service'],
]);

/** How far the entry is believed that `program` wrote, as it says itself. */
export function trustOf(fields: JournalFields, program: string | undefined): Trust {
  const user = fields.get('_UID');
  // Without a user it came through no socket of journald: from the kernel, or from another journal.
  if (user === undefined || user === '0') return 'full';
  const path = fields.get('_EXE');
  if (program === undefined) return 'none';
  // journald cannot always see what a process that ends just now had run. It saw its name, which the process can choose.
  if (!path) return isUserHalf(fields.get('_COMM'), program) ? 'own' : 'none';
  if (!SYSTEM_PATH.test(path)) return 'none';
  const executable = path.slice(path.lastIndexOf('/') + 1);
  if (isPrivileged(fields) && isNameOf(executable, plainName(program))) return 'full';
  const unit = SERVICES.get(executable);
  if (unit !== undefined && unit === fields.get('_SYSTEMD_UNIT') && program === executable) return 'full';
  return isUserHalf(executable, program) ? 'own' : 'none';
}

function isUserHalf(executable: string | undefined, program: string): boolean {
  return USER_HALVES.get(executable ?? '')?.includes(program) === true;
}

/**
 * sudo, su and the like have root's rights, while the kernel names the user who called them as the writer. Where everybody
 * may make user namespaces, a user can still put a program of his own in the place of one of these.
 */
function isPrivileged(fields: JournalFields): boolean {
  return /[1-9a-f]/.test(fields.get('_CAP_EFFECTIVE') ?? '');
}

/** `su` writes as `su-l`, too, and `sudo-rs` as `sudo`. */
function isNameOf(executable: string, program: string): boolean {
  return program === executable || program === `${executable}-l` || executable === `${program}-rs`;
}
