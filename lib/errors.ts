/** The words of an error for a status or a log line: its message, else its code, else its text. */
export function reason(error: unknown): string {
  if (error instanceof AggregateError && error.message === '' && error.errors.length > 0)
    return reason(error.errors[0]);
  // The message of an OpenSSL error is a line of its queue, with an address in memory and a place in its source.
  const { library, reason: words } = (error ?? {}) as { library?: unknown; reason?: unknown };
  if (typeof library === 'string' && typeof words === 'string') return `${library}: ${words}`;
  if (error instanceof Error) return error.message || (error as NodeJS.ErrnoException).code || error.name;
  return String(error);
}

/** The code of a system error (`ENOENT`, `ECONNREFUSED`, …), or undefined. */
export function errorCode(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
