import type { InfraRecord } from '../../../lib/record.ts';
import { endOfV4, NONE, type Source, sourceOf } from './address.ts';
import { isDigit } from './digits.ts';
import type { AuthFields, EventReason } from './fields.ts';

const BLANK = 32;
const ZERO = 48;

/**
 * The fields of a message with a place for each of them. Rules make objects of a hundred shapes, and V8 reads a key of so
 * many slowly: rules of the most usual messages fill one of these, and what others make is copied into one. Who goes on
 * reading a line after its record is made finds there what else the line says: records have a hundred shapes, too. A reader
 * has one for all its lines: a new one for each is as much garbage as their records.
 */
export class FieldSet implements AuthFields {
  event_action: string;
  event_outcome: AuthFields['event_outcome'];
  event_reason: EventReason | undefined;
  user_name: string | undefined = undefined;
  target_user_name: string | undefined = undefined;
  group_name: string | undefined = undefined;
  source_ip: string | undefined = undefined;
  source_port: number | undefined = undefined;
  source_hostname: string | undefined = undefined;
  auth_method: string | undefined = undefined;
  ssh_signature: string | undefined = undefined;
  pam_module: string | undefined = undefined;
  pam_service: string | undefined = undefined;
  process_command_line: string | undefined = undefined;
  working_directory: string | undefined = undefined;
  tty: string | undefined = undefined;
  session_id: string | undefined = undefined;
  repeat_count: number | undefined = undefined;
  /** The time of the record, in ms since the epoch. Empty texts and -1 stand for what the line does not tell. */
  timeMs = 0;
  application = '';
  hostname = '';
  processId = -1;
  /** That of the record. */
  text = '';

  constructor(event_action: string, event_outcome?: AuthFields['event_outcome'], event_reason?: EventReason) {
    this.event_action = event_action;
    this.event_outcome = event_outcome;
    this.event_reason = event_reason;
  }

  /** The fields with a place for each of them: themselves where they have one, else in `into`. */
  static of(fields: AuthFields, into = new FieldSet('other')): FieldSet {
    return fields instanceof FieldSet ? fields : copyFields(into.begin(fields.event_action), fields);
  }

  /** Forgets all that a rule has written, and begins anew. */
  begin(event_action: string, event_outcome?: AuthFields['event_outcome'], event_reason?: EventReason): this {
    this.event_action = event_action;
    this.event_outcome = event_outcome;
    this.event_reason = event_reason;
    this.user_name = undefined;
    this.target_user_name = undefined;
    this.group_name = undefined;
    this.source_ip = undefined;
    this.source_port = undefined;
    this.source_hostname = undefined;
    this.auth_method = undefined;
    this.ssh_signature = undefined;
    this.pam_module = undefined;
    this.pam_service = undefined;
    this.process_command_line = undefined;
    this.working_directory = undefined;
    this.tty = undefined;
    this.session_id = undefined;
    this.repeat_count = undefined;
    return this;
  }
}

/** Takes over where a message comes from. */
export function addSource(set: FieldSet, source: Source): FieldSet {
  set.source_ip = source.source_ip;
  set.source_port = source.source_port;
  set.source_hostname = source.source_hostname;
  return set;
}

/**
 * Takes over the endpoint `ADDRESS port N` that begins at `start`, and gives where it ends; NONE where none begins there. Most
 * addresses are of IPv4, and need nothing done to them.
 */
export function addEndpoint(set: FieldSet, text: string, start: number): number {
  const v4End = endOfV4(text, start);
  const isV4 = text.charCodeAt(v4End) === BLANK;
  const addressEnd = isV4 ? v4End : text.indexOf(' ', start);
  if (addressEnd <= start || !text.startsWith('port ', addressEnd + 1)) return NONE;
  let end = addressEnd + 6;
  let port = 0;
  for (let code = text.charCodeAt(end); isDigit(code); code = text.charCodeAt(end)) {
    port = port * 10 + code - ZERO;
    end++;
  }
  if (end === addressEnd + 6 || end > addressEnd + 11) return NONE;
  const address = text.slice(start, addressEnd);
  if (!isV4) addSource(set, sourceOf(address, port));
  else {
    set.source_ip = address;
    set.source_port = port;
  }
  return end;
}

/** The fields of a record that was made elsewhere. */
export function fieldsOf(record: InfraRecord): FieldSet {
  const { application_name: application, syslog_hostname: hostname, process_id: processId } = record;
  // Its other keys are none of those that are copied.
  const set = copyFields(new FieldSet('other'), record as unknown as AuthFields);
  set.timeMs = Date.parse(record.time);
  if (typeof application === 'string') set.application = application;
  if (typeof hostname === 'string') set.hostname = hostname;
  if (typeof processId === 'number') set.processId = processId;
  set.text = record.message;
  return set;
}

/** Takes over the fields. Goes through those that are there: to ask for one that is not takes as long. */
export function copyFields(set: FieldSet, fields: Partial<AuthFields>): FieldSet {
  for (const key in fields) {
    const value = fields[key as keyof AuthFields];
    if (typeof value === 'string') copyText(set, key, value);
    else if (value === undefined) continue;
    else if (key === 'source_port') set.source_port = value;
    else if (key === 'repeat_count') set.repeat_count = value;
  }
  return set;
}

function copyText(set: FieldSet, key: string, value: string): void {
  switch (key) {
    case 'event_action':
      set.event_action = value;
      break;
    case 'event_outcome':
      set.event_outcome = value as FieldSet['event_outcome'];
      break;
    case 'event_reason':
      set.event_reason = value as EventReason;
      break;
    case 'user_name':
      set.user_name = value;
      break;
    case 'target_user_name':
      set.target_user_name = value;
      break;
    case 'group_name':
      set.group_name = value;
      break;
    case 'source_ip':
      set.source_ip = value;
      break;
    case 'source_hostname':
      set.source_hostname = value;
      break;
    case 'auth_method':
      set.auth_method = value;
      break;
    case 'ssh_signature':
      set.ssh_signature = value;
      break;
    case 'pam_module':
      set.pam_module = value;
      break;
    case 'pam_service':
      set.pam_service = value;
      break;
    case 'process_command_line':
      set.process_command_line = value;
      break;
    case 'working_directory':
      set.working_directory = value;
      break;
    case 'tty':
      set.tty = value;
      break;
    case 'session_id':
      set.session_id = value;
      break;
  }
}
