import { isPlausibleTime } from '../../../lib/plausible-time.ts';
import { FIELDS } from './fields.ts';

/** Where reading goes on: after an entry or, where none was read yet, from a time. With neither, at the beginning. */
export interface JournalPosition {
  cursor?: string;
  /** Microseconds since the epoch. */
  sinceMicros?: number;
}

/** A cursor as journald makes it; it becomes an argument of a program. */
const CURSOR = /^[\w=;+/.-]{1,1024}$/;

/** The position in a state file. Undefined where the value is none, or is of a time after `nowMs`. */
export function parseJournalPosition(value: unknown, nowMs: number): JournalPosition | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { cursor, sinceMicros } = value as { [name: string]: unknown };
  const isTime = (micros: number): boolean => isPlausibleTime(micros / 1000, nowMs);
  if (typeof cursor === 'string')
    return CURSOR.test(cursor) && isTime(cursorMicros(cursor) ?? 0) ? { cursor } : undefined;
  if (typeof sinceMicros === 'number') return isTime(sinceMicros) ? { sinceMicros } : undefined;
  return cursor === undefined && sinceMicros === undefined ? {} : undefined;
}

/** The time of the entry of a cursor: `t=`, microseconds since the epoch in hexadecimal. Undefined where it has none. */
export function cursorMicros(cursor: string | undefined): number | undefined {
  const hex = /;t=([0-9a-f]+)/.exec(cursor ?? '')?.[1];
  return hex === undefined ? undefined : Number.parseInt(hex, 16);
}

/** The syslog facilities auth and authpriv (RFC 5424, 6.2.1). journalctl joins matches of one field with "or". */
const FACILITIES = ['SYSLOG_FACILITY=4', 'SYSLOG_FACILITY=10'];

/** The arguments with which journalctl follows the journal. `folder`: that of its files; undefined for this host's own. */
export function journalctlArguments(folder: string | undefined, { cursor, sinceMicros }: JournalPosition): string[] {
  const fields = `--output-fields=${[...FIELDS].join(',')}`;
  const common = ['--output=export', fields, '--all', '--follow', '--no-tail', '--no-pager', '--quiet'];
  if (folder !== undefined) common.push(`--directory=${folder}`);
  if (cursor !== undefined) common.push(`--after-cursor=${cursor}`);
  else if (sinceMicros !== undefined) common.push(`--since=@${(sinceMicros / 1e6).toFixed(6)}`);
  return [...common, ...FACILITIES];
}
