import type { ErrorCode } from '../../../lib/errors.ts';
import type { GelfFields } from '../../../lib/gelf-encoder.ts';
import { Draft } from './draft.ts';
import { createFieldNames } from './field-name.ts';
import { fitInto, mayBeLarge } from './fit.ts';
import { readLevel, readTime } from './level-and-time.ts';
import { clean, isPlain, leaf, MAX_FIELD_BYTES, shorten } from './value.ts';

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

type Plain = { readonly [key: string]: unknown };

/**
 * Turns the payload of any msg into a GELF message that Graylog neither rejects nor loses when it stores it. The keys of
 * `overrides`, where it is an object, come before those of the payload.
 */
export function createShaper(options: ShapeOptions): (payload: unknown, nowMs: number, overrides?: unknown) => Shaped {
  const nameOf = createFieldNames();
  const statics = Object.entries(options.staticFields ?? {});

  const shape = (payload: unknown, nowMs: number, overrides: unknown): Shaped => {
    const source = sourceOf(payload, overrides);
    if (source === undefined) return { fault: 'NO_PAYLOAD' };
    const gelf = standardFields(source, options.host, nowMs);
    if (gelf === undefined) return { fault: 'NO_MESSAGE' };
    const units = gelf.short_message.length + (gelf.full_message?.length ?? 0) + gelf.host.length;
    const draft = new Draft(gelf, units, nameOf);
    draft.addPayload(source);
    draft.addStatics(statics);
    if (mayBeLarge(draft.units, draft.fields, options.largestBytes)) fitInto(gelf, options.largestBytes);
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

/** The object whose keys become fields: the payload, or its text as the message, with the keys of `overrides` above. */
function sourceOf(payload: unknown, overrides: unknown): Plain | undefined {
  const hasOverrides = isPlain(overrides);
  if ((payload === undefined || payload === null) && !hasOverrides) return undefined;
  const own: Plain = isPlain(payload) ? payload : { message: text(payload) };
  return hasOverrides ? { ...own, ...overrides } : own;
}

/** GELF's own fields, or undefined where there is no message. */
function standardFields(source: Plain, defaultHost: string, nowMs: number): GelfFields | undefined {
  const message = text(source.message ?? source.short_message);
  if (message.trim() === '') return undefined;
  const host = text(source.host).trim();
  const gelf: GelfFields = {
    short_message: message,
    host: host === '' ? defaultHost : shorten(host, MAX_FIELD_BYTES),
    timestamp: readTime(source.time ?? source.timestamp, nowMs) / 1000,
    level: readLevel(source.level),
  };
  const full = text(source.full_message);
  if (full !== '') gelf.full_message = full;
  return gelf;
}

function text(value: unknown): string {
  if (typeof value === 'string') return clean(value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return String(leaf(value) ?? '');
}
