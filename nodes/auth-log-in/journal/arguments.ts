import { FIELDS } from './fields.ts';
import type { JournalPosition } from './position.ts';

/** Which journal is read. */
export interface JournalPlace {
  /** Where the host's `/` is mounted. */
  readonly hostRoot: string;
  /** The host's id. Undefined: whatever lies there is the host's. */
  readonly machineId: string | undefined;
}

/** The syslog facilities auth and authpriv (RFC 5424, 6.2.1). */
const FACILITIES = ['SYSLOG_FACILITY=4', 'SYSLOG_FACILITY=10'];
/**
 * Programs whose every entry is about authentication, also where it has another facility: `sshd -D -e` writes to stderr, and
 * sshd and sudo can be told to use another one.
 */
const PROGRAMS = ['sshd', 'sshd-session', 'sshd-auth', 'dropbear', 'sudo', 'su', 'doas', 'login'];
/** Their services. journald may not know the program of a process that has ended, but it knows the service of a stream. */
const UNITS = ['ssh.service', 'sshd.service', 'dropbear.service'];

/** The arguments with which journalctl follows the journal. The first entry is that of the cursor, where it is still there. */
export function followArguments(place: JournalPlace, position: JournalPosition): string[] {
  return ['--follow', '--no-tail', ...printArguments(place, position)];
}

/** The arguments with which journalctl prints what is there and ends. */
export function printArguments(place: JournalPlace, { cursor, sinceMicros }: JournalPosition): string[] {
  const begin: string[] = [];
  // `--after-cursor` would skip the first entry where that of the cursor is gone.
  if (cursor !== undefined) begin.push(`--cursor=${cursor}`);
  else if (sinceMicros !== undefined) begin.push(`--since=@${(sinceMicros / 1e6).toFixed(6)}`);
  return ['--all', `--output-fields=${[...FIELDS].join(',')}`, ...begin, ...commonArguments(place)];
}

/** The arguments with which journalctl prints the newest entry, without any field but those that each has. */
export function newestArguments(place: JournalPlace): string[] {
  return ['--lines=1', '--output-fields=_UID', ...commonArguments(place)];
}

function commonArguments({ hostRoot, machineId }: JournalPlace): string[] {
  // Since systemd 250 `--follow` reads the newest boot alone unless `--merge` is there. That takes in other machines, too.
  const common = ['--merge', '--output=export', '--no-pager', '--quiet'];
  // It looks where journald writes, in memory and on disk. `--directory` would take one folder of them.
  if (hostRoot !== '/') common.push(`--root=${hostRoot}`);
  const machine = machineId === undefined ? [] : [`_MACHINE_ID=${machineId}`];
  const inService = [...fieldsOf('_SYSTEMD_UNIT', UNITS), ...fieldsOf('SYSLOG_IDENTIFIER', PROGRAMS)];
  const alternatives = [FACILITIES, fieldsOf('_COMM', PROGRAMS), inService];
  // journalctl joins matches of one field with "or", those of several fields with "and".
  return [...common, ...alternatives.flatMap((matches, at) => [...(at === 0 ? [] : ['+']), ...machine, ...matches])];
}

function fieldsOf(name: string, values: readonly string[]): string[] {
  return values.map((value) => `${name}=${value}`);
}
