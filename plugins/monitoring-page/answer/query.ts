/** What a browser asks for, read from the address. */

const MOST = 500;

/** Where a reader is: which run of Node-RED, the last record, and the last state of the alerts that it knows. */
export interface Cursor {
  readonly boot: string;
  readonly number: number;
  readonly alerts: number;
}

/** Undefined for what is no cursor: then the reader takes everything anew. */
export function parseCursor(value: unknown): Cursor | undefined {
  const [, boot, number, alerts] = /^([\w-]{1,40})\.(\d{1,15})\.(\d{1,15})$/.exec(String(value ?? '')) ?? [];
  return boot === undefined ? undefined : { boot, number: Number(number), alerts: Number(alerts) };
}

/** A whole number of the address; `otherwise` where there is none. */
export function wholeNumber(value: unknown, otherwise: number): number {
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : otherwise;
}

/** How many records are asked for: at most 500. */
export function parseMost(value: unknown): number {
  return Math.min(MOST, Math.max(1, wholeNumber(value, MOST)));
}

export function parseText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 300 ? value : undefined;
}
