/**
 * The record: what every source node puts into `msg.payload` and `graylog-out` turns into GELF.
 * A key is the GELF field without its underscore; values are strings or finite numbers; an absent value is an absent key.
 */

export type LogType =
  | 'docker_event'
  | 'docker_log'
  | 'auth'
  | 'disk'
  | 'uptime'
  | 'http_check'
  | 'alert'
  | 'filter'
  | 'heartbeat';

/** Syslog severities as RFC 5424 numbers them. */
export const Severity = {
  emergency: 0,
  alert: 1,
  critical: 2,
  error: 3,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
} as const;

export type Level = (typeof Severity)[keyof typeof Severity];

export type FieldValue = string | number;

/** The keys of one kind of record, before the envelope is put around them. `undefined` stands for "absent". */
export type Fields = { readonly [key: string]: FieldValue | undefined };

export interface Envelope {
  log_type: LogType;
  /** ISO 8601 UTC: when it happened. */
  time: string;
  host: string;
  level: Level;
  message: string;
  full_message?: string;
  event_id: string;
}

export type InfraRecord = Envelope & { [key: string]: FieldValue | undefined };

/** Puts the envelope around the fields of a record; absent and non-finite values are left out. */
export function record(envelope: Envelope, fields: Fields): InfraRecord {
  const result: InfraRecord = { ...envelope };
  for (const key in fields) {
    const value = fields[key];
    if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) continue;
    result[key] = value;
  }
  return result;
}
