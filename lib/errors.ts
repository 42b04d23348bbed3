import type { ErrorCode } from './error-codes.ts';
import type { Arguments, Translate } from './status.ts';

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
