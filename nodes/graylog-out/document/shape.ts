import { isBlank } from '../../../lib/blank.ts';
import type { ErrorCode } from '../../../lib/error-codes.ts';
import type { GelfFields } from '../../../lib/gelf-encoder.ts';
import { readLevel, readTime } from '../../../lib/level-and-time.ts';
import { visible } from '../../../lib/visible.ts';
import { Draft } from './draft.ts';
import { createFieldNames } from './field-name.ts';
import { fitInto, mayBeLarge } from './fit.ts';
import type { Budget } from './json-text.ts';
import { clean, fieldText, head, isPlain, leaf, MAX_FIELD_BYTES } from './value.ts';

/** How many values of a msg are looked at: some hundredths of a second. */
const MAX_VISITS = 50_000;

export interface ShapeOptions {
  /** The `host` of a msg that names none. */
  host: string;
  /** The largest document in bytes. */
  largestBytes: number;
  /** Fields that every message gets where it has none of that name. */
  staticFields?: { readonly [name: string]: string | number };
}

/** Why a msg can never be sent. */
export type ShapeFault = Extract<ErrorCode, 'NO_PAYLOAD' | 'NO_MESSAGE' | 'UNREADABLE_PAYLOAD'>;

export type Shaped = { gelf: GelfFields; fault?: undefined } | { gelf?: undefined; fault: ShapeFault };

/** They end a text that a program wrote; nobody reads them. */
const LAST_LINE_BREAKS = /[\r\n]+$/;

type Plain = { readonly [key: string]: unknown };

/**
 * Turns the payload of any msg into a GELF message that Graylog neither rejects nor loses when it stores it. The keys of
 * `overrides`, where it is an object, come before those of the payload.
 */
export function createShaper(options: ShapeOptions): (payload: unknown, nowMs: number, overrides?: unknown) => Shaped {
  const nameOf = createFieldNames();
  const statics = Object.entries(options.staticFields ?? {});

  const { largestBytes } = options;
  const defaultHost = fieldText(options.host);

  const shape = (payload: unknown, nowMs: number, overrides: unknown): Shaped => {
    // No text is looked at beyond what a document has room for, and no more values than it can have.
    const budget = { visits: MAX_VISITS };
    const text: Read = (value, most) => readText(value, most, budget);
    const source = sourceOf(payload, overrides, (value) => text(value, largestBytes));
    if (source === undefined) return { fault: 'NO_PAYLOAD' };
    const gelf = standardFields(source, { defaultHost, largestBytes, nowMs, text });
    if (gelf === undefined) return { fault: 'NO_MESSAGE' };
    const units = gelf.short_message.length + (gelf.full_message?.length ?? 0) + gelf.host.length;
    const draft = new Draft(gelf, units, nameOf, budget);
    draft.addPayload(source);
    draft.addStatics(statics);
    if (mayBeLarge(draft.units, draft.fields, largestBytes)) fitInto(gelf, largestBytes);
    return { gelf };
  };

  return (payload, nowMs, overrides) => {
    try {
      return shape(payload, nowMs, overrides);
    } catch {
      // A getter or a toJSON of a user's own object may throw whatever it likes.
      return { fault: 'UNREADABLE_PAYLOAD' };
    }
  };
}

/** The text of a value; of one of more units than `most` the beginning, still longer than that. */
type Read = (value: unknown, most: number) => string;

/** The object whose keys become fields: the payload, or its text as the message, with the keys of `overrides` above. */
function sourceOf(payload: unknown, overrides: unknown, text: (value: unknown) => string): Plain | undefined {
  const hasOverrides = isPlain(overrides);
  if ((payload === undefined || payload === null) && !hasOverrides) return undefined;
  const own: Plain = isPlain(payload) ? payload : { message: text(payload) };
  return hasOverrides ? { ...own, ...overrides } : own;
}

interface Defaults {
  defaultHost: string;
  largestBytes: number;
  nowMs: number;
  text: Read;
}

/** GELF's own fields, or undefined where there is no message. */
function standardFields(source: Plain, { defaultHost, largestBytes, nowMs, text }: Defaults): GelfFields | undefined {
  const message = text(source.message ?? source.short_message, largestBytes).replace(LAST_LINE_BREAKS, '');
  if (isBlank(message)) return undefined;
  const host = text(source.host, MAX_FIELD_BYTES).trim();
  const gelf: GelfFields = {
    short_message: visible(message, largestBytes),
    host: host === '' ? defaultHost : fieldText(host),
    timestamp: readTime(source.time ?? source.timestamp, nowMs) / 1000,
    level: readLevel(source.level),
  };
  const full = text(source.full_message, largestBytes);
  // The lines of a message are told apart in the long text alone.
  if (full !== '' || message.includes('\n')) gelf.full_message = full === '' ? message : full;
  return gelf;
}

function readText(value: unknown, most: number, budget: Budget): string {
  if (typeof value === 'string') return clean(head(value, most));
  // A character has at most four bytes: what was cut stays longer than `most`.
  if (value instanceof Uint8Array) return head(new TextDecoder().decode(value.subarray(0, (most + 1) * 4)), most);
  return clean(String(leaf(value, most, budget) ?? ''));
}
