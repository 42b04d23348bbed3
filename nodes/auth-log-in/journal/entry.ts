import type { Header } from '../message/header.ts';

/**
 * An entry of the systemd journal as `journalctl --output=json` prints it (systemd.journal-fields(7)): values are texts,
 * or arrays of bytes where they are not UTF-8, or arrays of values where a field is given twice.
 */
export interface JournalEntry {
  header: Header;
  cursor: string;
  id: string;
}

type Fields = { [name: string]: unknown };

/** The last time that a date can be, in ms since the epoch (ECMA-262, 21.4.1.1). */
const LAST_MS = 8.64e15;

/** The entry, or undefined where the line is not one. */
export function parseEntry(line: string): JournalEntry | undefined {
  const fields = parseFields(line);
  const cursor = text(fields, '__CURSOR');
  if (cursor === undefined) return undefined;
  const micros = Number(text(fields, '_SOURCE_REALTIME_TIMESTAMP') ?? text(fields, '__REALTIME_TIMESTAMP'));
  const processId = Number(text(fields, 'SYSLOG_PID') ?? text(fields, '_PID') ?? Number.NaN);
  const header: Header = {
    time: Math.abs(micros) <= LAST_MS * 1000 ? new Date(Math.floor(micros / 1000)).toISOString() : undefined,
    hostname: text(fields, '_HOSTNAME'),
    program: text(fields, 'SYSLOG_IDENTIFIER') ?? text(fields, '_COMM'),
    processId: Number.isInteger(processId) ? processId : undefined,
    message: text(fields, 'MESSAGE')?.replaceAll('\0', '\u{fffd}').trimEnd() ?? '',
  };
  return { header, cursor, id: entryId(cursor) };
}

/** The fields of a line of JSON; none where it is something else. */
function parseFields(line: string): Fields {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Fields) : {};
  } catch {
    return {};
  }
}

/** The journal file's id and the entry's number in it, which stay the same. The rest of a cursor only helps to find it. */
function entryId(cursor: string): string {
  const part = /^s=([0-9a-f]+);i=([0-9a-f]+);/.exec(cursor);
  return part === null ? `journal-${cursor}` : `journal-${part[1]}-${part[2]}`;
}

/** The value of a field as text. Of a field with several values it takes the first. */
function text(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  const first: unknown = value[0];
  if (typeof first === 'string') return first;
  if (typeof first === 'number') return bytesText(value);
  return Array.isArray(first) ? bytesText(first) : undefined;
}

function bytesText(bytes: readonly unknown[]): string {
  return new TextDecoder().decode(Uint8Array.from(bytes, Number));
}
