import type { EntryFields } from '../message/entry-fields.ts';
import type { Header } from '../message/header.ts';
import { type Cursor, parseCursor } from './cursor.ts';
import type { JournalFields } from './export-format.ts';
import { trustOf } from './trust.ts';

/** An entry of the systemd journal. */
export interface JournalEntry {
  header: Header;
  cursor: string;
  /** Where it is in the journal, as its cursor says. */
  at: Cursor | undefined;
  id: string;
  /** What the journal itself knows of the entry. */
  known: EntryFields;
}

/** The end of the year 9999, in ms since the epoch: a later time is written with more digits, which nobody reads. */
const LAST_MS = 253_402_300_799_999;
/** A path is at most so long on Linux; journald stores no longer one. */
const MAX_PATH = 4096;
/** Names of sessions are numbers, or letters and numbers; names of users are at most so long. */
const SESSION = /^[A-Za-z0-9]{1,32}$/;
const MAX_NAME = 256;
/** What stands at the end of a value of which the rest was not kept. */
const CUT = /… \[cut: the entry has \d+ bytes]$/;
const MAX_CUT = 64;
/** The session of a process that is in none: 2³²-1. */
const NO_AUDIT_SESSION = '4294967295';
const LOGIND = 'systemd-logind';

/** The entry of what the journal holds of it. */
export function toEntry(fields: JournalFields): JournalEntry {
  const cursor = fields.get('__CURSOR') ?? '';
  // The journal file's id and the entry's number in it stay the same. The rest of a cursor only helps to find it.
  const at = parseCursor(cursor);
  const program = fields.get('SYSLOG_IDENTIFIER') || fields.get('_COMM') || undefined;
  const trust = trustOf(fields, program);
  const known: EntryFields = { trust };
  addOrigin(known, fields);
  addSession(known, fields, trust === 'full' && program === LOGIND);
  const kernelId = wholeNumber(fields.get('_PID'));
  const header: Header = {
    time: timeOf(fields.get('_SOURCE_REALTIME_TIMESTAMP')) ?? timeOf(fields.get('__REALTIME_TIMESTAMP')),
    hostname: fields.get('_HOSTNAME'),
    program,
    // Who is not believed shall not pass for another process either.
    processId: trust === 'full' ? (wholeNumber(fields.get('SYSLOG_PID')) ?? kernelId) : kernelId,
    message: readMessage(known, fields.get('MESSAGE') ?? ''),
  };
  const id = at === undefined ? `journal-${cursor}` : `journal-${at.sequence}-${at.number.toString(16)}`;
  return { header, cursor, at, id, known };
}

/** The first line that says something. All of them are added to `known` where there are several. */
function readMessage(known: EntryFields, value: string): string {
  const whole = value.trimEnd();
  if (whole === '') return '(no message)';
  if (!whole.includes('\n') && !whole.includes('\r')) return whole;
  const text = whole.trimStart();
  const end = text.search(/[\r\n]/);
  const first = end === -1 ? text : text.slice(0, end).trimEnd();
  const cut = CUT.exec(whole.slice(-MAX_CUT))?.[0] ?? '';
  const message = first.endsWith(cut) ? first : first + cut;
  if (message !== whole) known.full_message = whole;
  return message;
}

function addOrigin(known: EntryFields, fields: JournalFields): void {
  const userId = wholeNumber(fields.get('_UID'));
  const executable = fields.get('_EXE');
  if (userId !== undefined) known.process_user_id = userId;
  if (executable) known.process_executable = executable.slice(0, MAX_PATH);
}

/** The session that the entry speaks of, where logind wrote it; else the one that its writer is in. */
function addSession(known: EntryFields, fields: JournalFields, isLogind: boolean): void {
  const audit = fields.get('_AUDIT_SESSION');
  const own = fields.get('_SYSTEMD_SESSION') ?? (audit === NO_AUDIT_SESSION ? undefined : audit);
  const id = isLogind ? fields.get('SESSION_ID') : own;
  const user = isLogind ? fields.get('USER_ID') : undefined;
  if (id !== undefined && SESSION.test(id)) known.session_id = id;
  if (user) known.user_name = user.slice(0, MAX_NAME);
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
