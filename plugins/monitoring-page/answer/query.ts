import { isKind, type Kind } from './kinds.ts';

/** What a browser asks for, read from the address. */

const MOST = 500;

/** Which records: of a kind or a container, before a number, with a text in them. */
export interface AskedRecords {
  readonly kind: Kind;
  readonly most: number;
  readonly before?: number | undefined;
  readonly container?: string | undefined;
  readonly text?: string | undefined;
}

/** What is asked wrongly is not asked. */
export function parseAsked(query: { readonly [name: string]: unknown }): AskedRecords {
  const { kind, most, before, container, text } = query;
  return {
    kind: isKind(kind) ? kind : 'matters',
    most: parseMost(most),
    before: before === undefined ? undefined : wholeNumber(before, 0),
    container: parseText(container),
    text: parseText(text),
  };
}

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

function parseText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 300 ? value : undefined;
}
