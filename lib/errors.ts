import type { Arguments, Translate } from './status.ts';

/**
 * Every way in which this package itself says that something failed. The words for each are in `lib/locales`, which the
 * build puts into the catalogue of every node, below `error`.
 */
export const ERROR_CODES = [
  // A connection, whatever is spoken over it.
  'CLOSED_BY_PEER',
  'PEER_STALLED',
  'NO_ANSWER',
  'CLOSED',
  'BAD_TLS_CONFIG',
  // Delivery to Graylog.
  'HTTP_STATUS',
  'TOO_MANY_CHUNKS',
  'BUFFER_FULL',
  'STORE_LOCKED',
  'STORE_SET_ASIDE',
  'STORE_LOG_DAMAGED',
  'BATCH_DAMAGED',
  // A msg that can never be sent to Graylog.
  'NO_SERVER',
  'NO_PAYLOAD',
  'NO_MESSAGE',
  'UNREADABLE_PAYLOAD',
  // The address of a server, as it is typed.
  'BAD_ADDRESS',
  'BAD_SCHEME',
  'BAD_PORT',
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
  // The message of an OpenSSL error is a line of its queue, with an address in memory and a place in its source.
  const { library, reason: words } = (error ?? {}) as { library?: unknown; reason?: unknown };
  if (typeof library === 'string' && typeof words === 'string') return `${library}: ${words}`;
  if (error instanceof Error) return error.message || (error as NodeJS.ErrnoException).code || error.name;
  return String(error);
}

/** The code of an error of the system (`ENOENT`, `ECONNREFUSED`, …) or of this package, or undefined. */
export function errorCode(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
