import type { Arguments, Translate } from './status.ts';

/**
 * Every way in which this package itself says that something failed. The words for each are in `lib/locales`, which the
 * build puts into the catalogue of every node, below `error`.
 */
export const ERROR_CODES = [
  // A file of the system that a node reads.
  'UNEXPECTED_TEXT',
  // What a node keeps over a restart.
  'STATE_MISSING',
  'STATE_SET_ASIDE',
  'STATE_UNUSABLE',
  'STATE_VERSION',
  'STATE_CHECKSUM',
  // A connection, whatever is spoken over it.
  'CLOSED_BY_PEER',
  'PEER_STALLED',
  'PEER_SILENT',
  'PEER_READS_NOT',
  'PEER_WANTS_TLS',
  'PEER_SPEAKS_HTTP',
  'TLS_NOT_SPOKEN',
  'STALE_CONNECTION',
  'NO_ANSWER',
  'CLOSED',
  'BAD_TLS_CONFIG',
  'CREDENTIALS_MISSING',
  'TLS_NOT_DEPLOYED',
  // Delivery to Graylog.
  'HTTP_STATUS',
  'TOO_MANY_CHUNKS',
  'BUFFER_FULL',
  'TOO_MANY_PORTS',
  'STORE_LOCKED',
  'STORE_SET_ASIDE',
  'STORE_LOG_DAMAGED',
  'BATCH_DAMAGED',
  'BATCH_MISSING',
  'RECORDS_MISSING',
  'STORE_REPAIRED',
  'RECORDS_AGED',
  'RECORDS_DROPPED',
  'RECORDS_REFUSED',
  // A broker before Graylog.
  'NOT_AMQP',
  'BROKER_LOGIN',
  'BROKER_FORBIDDEN',
  'BROKER_REFUSED',
  'BROKER_STOPPED',
  'BROKER_BLOCKED',
  'BROKER_QUEUE_FULL',
  'BROKER_TOO_LARGE',
  'NO_VHOST',
  'NO_EXCHANGE',
  'NO_QUEUE',
  'NOT_ROUTED',
  'NOT_CONFIRMED',
  // A msg that can never be sent to Graylog.
  'NO_SERVER',
  'NO_PAYLOAD',
  'NO_MESSAGE',
  'UNREADABLE_PAYLOAD',
  // The address of a server, as it is typed.
  'BAD_ADDRESS',
  'BAD_SCHEME',
  'BAD_PORT',
  'PASSWORD_IN_ADDRESS',
  'SECRET_FILE',
  'SECRET_TWICE',
  'EMPTY_FILE',
  'CREDENTIAL_WITHHELD',
  'FILE_NOT_DEPLOYED',
  'TOO_MANY_ADDRESSES',
  // Who this host is.
  'METADATA_NO_ANSWER',
  'METADATA_STATUS',
  'METADATA_EMPTY',
  // Fields that every record gets.
  'STATIC_FIELDS',
  'FIELDS_NO_JSON',
  'FIELD_NO_PAIR',
  'FIELD_NAME',
  'FIELD_NO_VALUE',
  'FIELD_TWICE',
  // A request to a route of the admin API.
  'FOREIGN_REQUEST',
  'BODY_NOT_JSON',
  'BODY_TOO_LARGE',
  'VARIABLE_NOT_READ',
  // A node that polls, and what a msg asks of it.
  'NOT_CONFIGURED',
  'NO_ANSWER_WITHIN',
  // Filesystems.
  'MOUNTS_LATE',
  'STAT_FAILED',
  'BAD_STAT_OUTPUT',
  // An HTTP check: what a msg asks for, and how a request can fail.
  'BAD_MSG_URL',
  'BAD_MSG_HEADERS',
  'TOO_MANY_WAITING',
  'NO_ADDRESS',
  'NAME_UNRESOLVED',
  'PROXY_STATUS',
  'PROXY_CERTIFICATE',
  'UNTRUSTED_CERTIFICATE',
  'TOO_MANY_REDIRECTS',
  'BAD_REDIRECT_URL',
  'BAD_REDIRECT_SCHEME',
  'REDIRECT_INSIDE',
  'TIMEOUT_AT_START',
  'TIMEOUT_IN_DNS',
  'TIMEOUT_IN_CONNECT',
  'TIMEOUT_IN_TLS',
  'TIMEOUT_IN_FIRST_BYTE',
  'TIMEOUT_IN_BODY',
  'NO_OWN_PAGE',
  'BAD_PROXY',
  'PROXY_UNSUPPORTED',
  'NO_DESCRIPTOR',
  'HELD_UP',
  'SPEAKS_HTTP2',
  'HEAD_TOO_LARGE',
  'BAD_HEADER_LINE',
  'BAD_CONTENT_LENGTH',
  'BAD_CHUNK',
  'ANSWER_NOT_STANDARD',
  'TOO_MANY_ENCODINGS',
  'BODY_CUT_SHORT',
  // A Docker Engine, and what is read from it.
  'ENGINE_REFUSED',
  'ENGINE_STATUS',
  'NO_JSON',
  'NO_ENGINE',
  'ANSWER_TOO_LARGE',
  'ANSWER_TOO_COMPLEX',
  'NOT_HTTP',
  'ENDED_BEFORE_ANSWER',
  'TUNNEL_NOT_STARTED',
  'TUNNEL_FAILED',
  'TUNNEL_ENDED',
  'EVENT_STREAM_ENDED',
  'EVENT_STREAM_BROKEN',
  'EVENT_MALFORMED',
  'EVENT_TOO_LARGE',
  'LOG_STREAM_BROKEN',
  'LOG_FRAME_MALFORMED',
  'LOG_STAMP_MISSING',
  // A log.
  'NOT_REGULAR_FILE',
  'UNPACKED_TOO_LONG',
  'UNPACKED_TOO_LATE',
  'UNPACKER_MISSING',
  'UNPACKER_FAILED',
  'NOT_UTF8',
  'JOURNALCTL_FAILED',
  'JOURNALCTL_ENDED',
  'JOURNAL_MALFORMED',
  'RULES_MALFORMED',
  'RULES_TOO_MANY',
  'RULE_MALFORMED',
  'RULE_OPERATOR',
  'RULE_NO_FIELD',
  'RULE_NO_VALUE',
  'RULE_NO_NUMBER',
  'RULE_COMMA',
  'RULE_NO_NETWORK',
  'RULE_NO_PATTERN',
  'WRONG_SETTING',
  'NO_RING',
  // The settings of an alert, and what it is asked.
  'ALERT_HELD_BY_ITSELF',
  'ALERT_HELD_IN_CIRCLE',
  'ALERT_NO_END_RULES',
  'ALERT_NO_VALUE',
  'ALERT_BAD_AND_GOOD',
  'ALERT_END_WRONG_SIDE',
  'ALERT_CRITICAL_WRONG_SIDE',
  'ALERT_TOO_MANY',
  'ALERT_TOO_LONG',
  'ALERT_NO_FIELD',
  'ALERT_CHOICE',
  'ALERT_COMMA',
  'ALERT_NO_NUMBER',
  'ALERT_RANGE',
  'ALERT_NOT_WHOLE',
  'ALERT_NO_LIST',
  'ALERT_TIME_OF_DAY',
  'ALERT_ZONE',
  'ALERT_DAY',
  'ALERT_COMMAND',
  'ALERT_SILENCE',
  'ALERT_UNKNOWN_KEY',
  'ALERT_NOTHING_FIRES',
  'ALERT_NOT_DEPLOYED',
  'ALERT_NO_RECORDS',
  // A message to people about an alert.
  'NO_ALERT_RECORD',
  'NOT_TOLD',
  'MESSAGES_REFUSED',
  'ALERTS_GIVEN_UP',
  'NOT_KEPT',
  'UNTRUSTED_ISSUER',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** A failure that this package names. What it came from, where there is such, is its `cause`. */
export class MonitoringError extends Error {
  readonly code: ErrorCode;
  /** What stands in the words for the code. */
  readonly values: Arguments;

  constructor(code: ErrorCode, values: Arguments = {}, options: { cause?: unknown } = {}) {
    super(code, options);
    this.name = 'MonitoringError';
    this.code = code;
    this.values = values;
  }
}

/**
 * An error in the words of the reader's language, for a status or a log line: those of the catalogue for an error of
 * this package, the system's own for any other. `__reason__` in the catalogue stands for the words of the cause.
 */
export function explain(error: unknown, translate: Translate): string {
  if (!(error instanceof MonitoringError)) return reason(error);
  const cause: Arguments = error.cause === undefined ? {} : { reason: explain(error.cause, translate) };
  return translate(`error.${error.code}`, { ...cause, ...error.values });
}

/** The words of an error that is not this package's: its message, else its code, else its text. */
export function reason(error: unknown): string {
  if (error instanceof AggregateError && error.message === '' && error.errors.length > 0)
    return reason(error.errors[0]);
  const openssl = opensslWords(error);
  if (openssl !== undefined) return `${openssl.library}: ${openssl.words}`;
  if (error instanceof Error) return error.message || (error as NodeJS.ErrnoException).code || error.name;
  return String(error);
}

/**
 * What OpenSSL itself says of a failure, without the message of its error: that is a line of OpenSSL's queue, with an
 * address in memory and a place in its source. Undefined for an error of anything else.
 */
export function opensslWords(error: unknown): { library: string; words: string } | undefined {
  const { library, reason: words } = (error ?? {}) as { library?: unknown; reason?: unknown };
  return typeof library === 'string' && typeof words === 'string' ? { library, words: words.trim() } : undefined;
}

/** The code of an error of the system (`ENOENT`, `ECONNREFUSED`, …) or of this package, or undefined. */
export function errorCode(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
