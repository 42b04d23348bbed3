import type { Header } from './header.ts';

/**
 * An entry of the systemd journal as `journalctl --output=json` prints it (systemd.journal-fields(7)): values are texts,
 * or arrays of bytes where they are not UTF-8, or arrays of values where a field is given twice.
 */
export interface JournalEntry {
  header: Header;
  cursor: string;
  id: string;
}

type Entry = { [field: string]: unknown };

/** The entry, or undefined where the line is not one. */
export function parseEntry(line: string): JournalEntry | undefined {
  let entry: Entry;
  try {
    entry = JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
  const cursor = text(entry, '__CURSOR');
  if (cursor === undefined) return undefined;
  const micros = Number(text(entry, '_SOURCE_REALTIME_TIMESTAMP') ?? text(entry, '__REALTIME_TIMESTAMP'));
  const processId = Number(text(entry, 'SYSLOG_PID') ?? text(entry, '_PID') ?? Number.NaN);
  const header: Header = {
    time: Number.isFinite(micros) ? new Date(Math.floor(micros / 1000)).toISOString() : undefined,
    hostname: text(entry, '_HOSTNAME'),
    program: text(entry, 'SYSLOG_IDENTIFIER') ?? text(entry, '_COMM'),
    processId: Number.isInteger(processId) ? processId : undefined,
    message: text(entry, 'MESSAGE')?.replaceAll('\0', '\u{fffd}').trimEnd() ?? '',
  };
  return { header, cursor, id: entryId(cursor) };
}

/** The file's own id and the number in it: the rest of a cursor only helps to find it. */
function entryId(cursor: string): string {
  const part = /^s=([0-9a-f]+);i=([0-9a-f]+);/.exec(cursor);
  return part === null ? `journal-${cursor}` : `journal-${part[1]}-${part[2]}`;
}

function text(entry: Entry, field: string): string | undefined {
  const value = entry[field];
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  if (typeof value[0] === 'number') return new TextDecoder().decode(Uint8Array.from(value as number[]));
  const first: unknown = value[0];
  if (typeof first === 'string') return first;
  return Array.isArray(first) ? new TextDecoder().decode(Uint8Array.from(first as number[])) : undefined;
}
