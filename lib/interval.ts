/** The interval of a node that polls, in seconds as its dialog asks for it. Checked alike in the editor and at run time. */

export const MAX_INTERVAL_SECONDS = 86_400;

/** The interval in seconds, or undefined when the value is not a number from 0 (only on input) to one day. */
export function intervalSeconds(value: unknown): number | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined;
  const seconds = Number(value);
  return Number.isFinite(seconds) && (seconds === 0 || seconds >= 1) && seconds <= MAX_INTERVAL_SECONDS
    ? seconds
    : undefined;
}
