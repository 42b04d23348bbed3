import { type InfraRecord, type Level, Severity } from '../../../lib/record.ts';
import type { AuthFields } from './fields.ts';
import { type Header, parseHeader } from './header.ts';
import { parseMessage, plainName } from './rules.ts';
import { StampReader } from './time-stamp.ts';
import { localTime } from './time-zone.ts';

export interface RecordOptions {
  /** The name of this host, for the record. */
  host: string;
  /** The zone of stamps that do not say theirs; empty for that of the process. */
  zone: string;
  /** Whether `full_message` carries the line as it is in the log. */
  rawLine: boolean;
}

/** Graylog refuses a whole message for one field of 32,766 bytes or more; a character has at most 3 of them in a UTF-16 unit. */
const MAX_FIELD = 8192;

export interface LineReader {
  /** The record of a line. `referenceMs`: when its file was last changed, in ms since the epoch. */
  fromLine(line: string, id: string, referenceMs: number): InfraRecord;
  /** The record of an entry whose header is known already. */
  fromEntry(header: Header, id: string, referenceMs: number): InfraRecord;
}

export function createLineReader({ host, zone, rawLine }: RecordOptions): LineReader {
  const stamps = new StampReader(localTime(zone));

  const toRecord = (header: Header, line: string, id: string, referenceMs: number): InfraRecord => {
    const { hostname, program, processId, message } = header;
    const fields = parseMessage(program, message);
    const result: InfraRecord = {
      log_type: 'auth',
      time: header.time ?? new Date(referenceMs).toISOString(),
      host,
      level: levelOf(fields),
      message: message.trim() === '' ? line : message,
      event_id: id,
    };
    if (rawLine) result.full_message = line;
    const name = program === undefined ? '' : plainName(program);
    if (name !== '') result.application_name = bounded(name);
    if (processId !== undefined) result.process_id = processId;
    if (hostname !== undefined && hostname !== '') result.syslog_hostname = bounded(hostname);
    addFields(result, fields);
    return result;
  };
  return {
    fromLine: (line, id, referenceMs) => toRecord(parseHeader(line, stamps, referenceMs), line, id, referenceMs),
    fromEntry: (header, id, referenceMs) => toRecord(header, header.message, id, referenceMs),
  };
}

/** One by one, because a loop over names of keys takes as long as all the rest. */
function addFields(result: InfraRecord, fields: AuthFields): void {
  result.event_action = fields.event_action;
  if (fields.event_outcome !== undefined) result.event_outcome = fields.event_outcome;
  if (fields.user_name) result.user_name = bounded(fields.user_name);
  if (fields.target_user_name) result.target_user_name = bounded(fields.target_user_name);
  if (fields.source_ip) result.source_ip = fields.source_ip;
  if (fields.source_port !== undefined) result.source_port = fields.source_port;
  if (fields.source_hostname) result.source_hostname = bounded(fields.source_hostname);
  if (fields.auth_method) result.auth_method = bounded(fields.auth_method);
  if (fields.ssh_signature) result.ssh_signature = bounded(fields.ssh_signature);
  if (fields.process_command_line) result.process_command_line = bounded(fields.process_command_line);
  if (fields.working_directory) result.working_directory = bounded(fields.working_directory);
  if (fields.tty) result.tty = bounded(fields.tty);
  if (fields.repeat_count !== undefined) result.repeat_count = fields.repeat_count;
}

function levelOf(fields: AuthFields): Level {
  return fields.event_outcome === 'failure' ? Severity.warning : Severity.info;
}

function bounded(text: string): string {
  return text.length > MAX_FIELD ? `${text.slice(0, MAX_FIELD)}…` : text;
}
