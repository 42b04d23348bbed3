import type { Header } from '../message/header.ts';
import type { JournalFields } from './export-format.ts';

/** An entry of the systemd journal. */
export interface JournalEntry {
  header: Header;
  cursor: string;
  id: string;
  /** Who wrote it, as the kernel told journald: the keys of the record, as far as they are known. */
  origin: { process_user_id?: number; process_executable?: string };
}

/** The end of the year 9999, in ms since the epoch: a later time is written with more digits, which nobody reads. */
const LAST_MS = 253_402_300_799_999;
/** A path is at most so long on Linux; journald stores no longer one. */
const MAX_PATH = 4096;

/** The entry of what the journal holds of it. */
export function toEntry(fields: JournalFields): JournalEntry {
  const cursor = fields.get('__CURSOR') ?? '';
  const header: Header = {
    time: timeOf(fields.get('_SOURCE_REALTIME_TIMESTAMP')) ?? timeOf(fields.get('__REALTIME_TIMESTAMP')),
    hostname: fields.get('_HOSTNAME'),
    program: fields.get('SYSLOG_IDENTIFIER') ?? fields.get('_COMM'),
    processId: wholeNumber(fields.get('SYSLOG_PID')) ?? wholeNumber(fields.get('_PID')),
    message: fields.get('MESSAGE')?.trimEnd() ?? '',
  };
  return { header, cursor, id: entryId(cursor), origin: originOf(fields) };
}

function originOf(fields: JournalFields): JournalEntry['origin'] {
  const origin: JournalEntry['origin'] = {};
  const userId = wholeNumber(fields.get('_UID'));
  const executable = fields.get('_EXE');
  if (userId !== undefined) origin.process_user_id = userId;
  if (executable) origin.process_executable = executable.slice(0, MAX_PATH);
  return origin;
}

/** ISO 8601 UTC of microseconds since the epoch; undefined where they are none, or of no time that anybody writes. */
function timeOf(micros: string | undefined): string | undefined {
  if (micros === undefined || !/^\d{1,20}$/.test(micros)) return undefined;
  const ms = Math.floor(Number(micros) / 1000);
  return ms <= LAST_MS ? new Date(ms).toISOString() : undefined;
}

/** The number of a process or a user. Who writes an entry may write anything there. */
function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** The journal file's id and the entry's number in it, which stay the same. The rest of a cursor only helps to find it. */
function entryId(cursor: string): string {
  const part = /^s=([0-9a-f]+);i=([0-9a-f]+);/.exec(cursor);
  return part === null ? `journal-${cursor}` : `journal-${part[1]}-${part[2]}`;
}
