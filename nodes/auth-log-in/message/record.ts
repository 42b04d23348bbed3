import { type InfraRecord, type Level, Severity } from '../../../lib/record.ts';
import { EmptyRecord } from './empty-record.ts';
import { believed, type EntryFields } from './entry-fields.ts';
import { FieldSet } from './field-set.ts';
import { type Header, HeaderReader } from './header.ts';
import { MessageParser } from './rules.ts';
import { plainName } from './tag.ts';
import { StampReader } from './time-stamp.ts';
import { localTime, type Zone } from './time-zone.ts';

export interface RecordOptions {
  /** The name of this host, for the record. */
  host: string;
  /** The zone of time stamps without one; empty for that of the process. */
  zone: Zone;
  /** Whether `full_message` carries the line as it is in the log. */
  rawLine: boolean;
}

/** In UTF-16 units, of at most 3 bytes each: Graylog refuses a message with a field of 32,766 bytes or more. */
const MAX_FIELD = 8192;

export interface LineReader {
  /** What the line that was read last says, until the next is read. */
  readonly fields: FieldSet;
  /** The record of a line. `referenceMs`: when its file was last changed, in ms since the epoch. */
  fromLine(line: string, id: string, referenceMs: number): InfraRecord;
  /** The record of an entry that comes with its header, and with what the journal knows of it. */
  fromEntry(header: Header, id: string, referenceMs: number, known?: EntryFields): InfraRecord;
}

export function createLineReader({ host, zone, rawLine }: RecordOptions): LineReader {
  const stamps = new StampReader(localTime(zone));
  const headers = new HeaderReader(stamps);
  const messages = new MessageParser();
  const into = new FieldSet('other');
  let last = into;
  const nameOf = rememberName();

  const toRecord = (header: Header, line: string, id: string, timeMs: number, known?: EntryFields): InfraRecord => {
    const { hostname, processId, message } = header;
    const said = messages.parse(header.program, message, into);
    const fields = FieldSet.of(known === undefined ? said : believed(said, known), into);
    const time = header.time ?? new Date(timeMs).toISOString();
    const text = isBlank(message) ? line : message;
    const result = new EmptyRecord(time, host, levelOf(fields), text, id);
    if (rawLine) result.full_message = line;
    const name = nameOf(header.program);
    if (name !== '') result.application_name = cutField(name);
    if (processId !== undefined) result.process_id = processId;
    if (hostname !== undefined && hostname !== '') result.syslog_hostname = cutField(hostname);
    addFields(result, fields);
    if (known !== undefined) addKnown(result, known);
    fields.timeMs = timeMs;
    fields.application = name;
    fields.hostname = hostname ?? '';
    fields.processId = processId ?? -1;
    fields.text = text;
    last = fields;
    return result;
  };
  return {
    get fields() {
      return last;
    },
    fromLine: (line, id, referenceMs) => {
      const header = headers.read(line, referenceMs);
      return toRecord(header, line, id, header.time === undefined ? referenceMs : stamps.ms);
    },
    fromEntry: (header, id, referenceMs, known) =>
      toRecord(header, header.message, id, header.time === undefined ? referenceMs : Date.parse(header.time), known),
  };
}

/** Gives the plain name of the program in a tag. Neighbouring lines have the same. */
function rememberName(): (program: string | undefined) => string {
  let last: string | undefined;
  let name = '';
  return (program) => {
    if (program === last) return name;
    last = program;
    name = program === undefined ? '' : plainName(program);
    return name;
  };
}

/** Adds the keys one by one: a loop over their names takes as long as everything else here. */
function addFields(result: InfraRecord, fields: FieldSet): void {
  result.event_action = fields.event_action;
  if (fields.event_outcome !== undefined) result.event_outcome = fields.event_outcome;
  if (fields.event_reason !== undefined) result.event_reason = fields.event_reason;
  if (fields.user_name) result.user_name = cutField(fields.user_name);
  if (fields.target_user_name) result.target_user_name = cutField(fields.target_user_name);
  if (fields.group_name) result.group_name = cutField(fields.group_name);
  if (fields.source_ip) result.source_ip = fields.source_ip;
  if (fields.source_port !== undefined) result.source_port = fields.source_port;
  if (fields.source_hostname) result.source_hostname = cutField(fields.source_hostname);
  if (fields.auth_method) result.auth_method = cutField(fields.auth_method);
  if (fields.ssh_signature) result.ssh_signature = cutField(fields.ssh_signature);
  if (fields.pam_module) {
    result.pam_module = cutField(fields.pam_module);
    if (fields.pam_service) result.pam_service = cutField(fields.pam_service);
  }
  if (fields.process_command_line) result.process_command_line = cutField(fields.process_command_line);
  if (fields.working_directory) result.working_directory = cutField(fields.working_directory);
  if (fields.tty) result.tty = cutField(fields.tty);
  if (fields.session_id) result.session_id = cutField(fields.session_id);
  if (fields.repeat_count !== undefined) result.repeat_count = fields.repeat_count;
}

function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  return !(first > 32 && first < 128) && text.trim() === '';
}

function addKnown(result: InfraRecord, known: EntryFields): void {
  if (known.full_message !== undefined) result.full_message = known.full_message;
  if (known.process_user_id !== undefined) result.process_user_id = known.process_user_id;
  if (known.process_executable !== undefined) result.process_executable = known.process_executable;
}

function levelOf(fields: FieldSet): Level {
  return fields.event_outcome === 'failure' ? Severity.warning : Severity.info;
}

function cutField(text: string): string {
  return text.length > MAX_FIELD ? `${text.slice(0, MAX_FIELD)}…` : text;
}
