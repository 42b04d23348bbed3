import type { GelfFields } from '../../../lib/gelf-encoder.ts';
import { createFieldNames } from './field-name.ts';
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

/** Why a msg can never be sent: a key of the catalogue. */
export type ShapeFault = 'noPayload' | 'noMessage' | 'unreadable';

export type Shaped = { gelf: GelfFields; fault?: undefined } | { gelf?: undefined; fault: ShapeFault };

/** More fields than any record has; an index holds 1,000 in all, and the first to fill it locks everybody else out. */
export const MAX_FIELDS = 200;
const MAX_DEPTH = 6;

/** Room for `version` and the standard names. */
const RESERVE_BYTES = 1_024;
/** A field's underscore, quotes, colon and comma. */
const FIELD_BYTES = 8;
/** A message begins with these, and at most one more (`full_message`). */
const STANDARD_FIELDS = 4;
/** What is left of a text at least. */
const LEAST_TEXT_BYTES = 16;
/** The longest that a number is in JSON. */
export const NUMBER_UNITS = 24;

interface Draft {
  gelf: GelfFields;
  fields: number;
  /** UTF-16 units of names and values so far. */
  units: number;
  /** A name that differs from its key is there: only then can two names meet. */
  hasDerived: boolean;
}

/**
 * Whether a document of so many UTF-16 units in names and values may have more than `largestBytes`: a unit takes at most
 * six bytes in JSON (\u0000). Most are far from any limit and are not measured.
 */
export function mayBeLarge(units: number, fields: number, largestBytes: number): boolean {
  return units * 6 + fields * FIELD_BYTES + RESERVE_BYTES > largestBytes;
}

type Plain = { [key: string]: unknown };

const ENVELOPE = new Set(['message', 'short_message', 'full_message', 'time', 'timestamp', 'host', 'level', 'version']);

/**
 * Turns the payload of any msg into a GELF message that Graylog neither rejects nor loses when it stores it. The keys of
 * `overrides`, where it is an object, come before those of the payload.
 */
export function createShaper(options: ShapeOptions): (payload: unknown, nowMs: number, overrides?: unknown) => Shaped {
  const nameOf = createFieldNames();
  const statics = Object.entries(options.staticFields ?? {});

  const add = (draft: Draft, key: string, value: string | number, isDerived: boolean): void => {
    if (draft.fields >= MAX_FIELDS) return;
    const { gelf } = draft;
    const own = nameOf(key);
    draft.hasDerived ||= isDerived || own !== key;
    let name = own;
    if (draft.hasDerived) {
      // Two keys that become one name would overwrite each other without a word.
      for (let n = 2; Object.hasOwn(gelf, name); n += 1) name = `${own}_${n}`;
    }
    gelf[name] = typeof value === 'string' ? shorten(value, MAX_FIELD_BYTES) : value;
    draft.fields += 1;
    draft.units += name.length + (typeof value === 'string' ? value.length : NUMBER_UNITS);
  };

  const addAll = (draft: Draft, source: Plain, prefix: string, above: readonly object[]): void => {
    const isTop = above.length === 1;
    for (const key of Object.keys(source)) {
      if (isTop && ENVELOPE.has(key)) continue;
      const value = source[key];
      const name = isTop ? key : `${prefix}_${key}`;
      if (typeof value === 'object' && above.length < MAX_DEPTH && isPlain(value)) {
        if (above.includes(value)) add(draft, name, '[circular]', true);
        else addAll(draft, value, name, [...above, value]);
        continue;
      }
      const field = leaf(value);
      if (field !== undefined) add(draft, name, field, !isTop);
    }
  };

  const shape = (payload: unknown, nowMs: number, overrides: unknown): Shaped => {
    const hasOverrides = isPlain(overrides);
    if ((payload === undefined || payload === null) && !hasOverrides) return { fault: 'noPayload' };
    const own: Plain = isPlain(payload) ? payload : { message: text(payload) };
    const source = hasOverrides ? { ...own, ...overrides } : own;
    const message = text(source.message ?? source.short_message);
    if (message.trim() === '') return { fault: 'noMessage' };
    const host = text(source.host).trim();
    const gelf: GelfFields = {
      short_message: message,
      host: host === '' ? options.host : shorten(host, MAX_FIELD_BYTES),
      timestamp: readTime(source.time ?? source.timestamp, nowMs) / 1000,
      level: readLevel(source.level),
    };
    const full = text(source.full_message);
    if (full !== '') gelf.full_message = full;
    const units = message.length + full.length + gelf.host.length;
    const draft: Draft = { gelf, fields: 0, units, hasDerived: false };
    addAll(draft, source, '', [source]);
    for (const [name, value] of statics) {
      if (!Object.hasOwn(gelf, nameOf(name))) add(draft, name, value, true);
    }
    return {
      gelf: mayBeLarge(draft.units, draft.fields, options.largestBytes) ? fit(gelf, options.largestBytes) : gelf,
    };
  };

  return (payload, nowMs, overrides) => {
    try {
      return shape(payload, nowMs, overrides);
    } catch {
      // A getter or a toJSON of a user's own object may throw whatever it likes.
      return { fault: 'unreadable' };
    }
  };
}

function text(value: unknown): string {
  if (typeof value === 'string') return clean(value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return String(leaf(value) ?? '');
}

function bytesInJson(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

/** The text, cut so that it takes at most `limit` bytes as JSON, where escapes make it longer. */
function shortenInJson(text: string, limit: number): string {
  let cut = text;
  for (let left = text.length * 3; left > 0 && bytesInJson(cut) > limit; left = Math.floor(left * 0.75)) {
    cut = shorten(text, Math.min(left, Math.floor(limit * (text.length / JSON.stringify(text).length))));
    limit -= 2;
  }
  return cut;
}

/** Shortens the longest texts, all to the same length, until the document has no more than `largestBytes`. */
function fit(gelf: GelfFields, largestBytes: number): GelfFields {
  const limit = largestBytes - RESERVE_BYTES;
  const excess = bytesInJson(gelf) - limit;
  if (excess <= 0) return gelf;
  const texts = Object.entries(gelf).flatMap(([key, value]) =>
    typeof value === 'string' ? [{ key, value, bytes: bytesInJson(value) }] : [],
  );
  texts.sort((a, b) => b.bytes - a.bytes);
  let room = texts.reduce((sum, { bytes }) => sum + bytes, 0) - excess;
  // From the shortest up: what fits into an equal share stays whole and leaves its rest to the longer ones.
  for (let left = texts.length; left > 0; left -= 1) {
    const { key, value, bytes } = texts[left - 1] as (typeof texts)[0];
    const share = Math.max(LEAST_TEXT_BYTES, Math.floor(room / left));
    if (bytes > share) gelf[key] = shortenInJson(value, share);
    room -= Math.min(bytes, share);
  }
  // Names and numbers cannot be shortened: where they alone are too much, the last fields go.
  const names = Object.keys(gelf);
  for (let over = bytesInJson(gelf) - limit; over > 0 && names.length > STANDARD_FIELDS; ) {
    const name = names.pop() as string;
    over -= bytesInJson(name) + bytesInJson(gelf[name]) + 2;
    delete gelf[name];
  }
  return gelf;
}
