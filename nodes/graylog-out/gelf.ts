import { createFieldNames } from './field-name.ts';
import { readLevel, readTime } from './standard.ts';
import { clean, isPlain, leaf, MAX_FIELD_BYTES, shorten } from './value.ts';

/** A checked GELF message: standard fields by their GELF names, additional fields without the underscore. */
export interface Gelf {
  short_message: string;
  host: string;
  /** Seconds since the epoch. */
  timestamp: number;
  level: number;
  full_message?: string | undefined;
  [field: string]: string | number | undefined;
}

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

export type Shaped = { gelf: Gelf; fault?: undefined } | { gelf?: undefined; fault: ShapeFault };

/** More fields than any record has; an index holds 1,000 in all, and the first to fill it locks everybody else out. */
export const MAX_FIELDS = 200;
const MAX_DEPTH = 6;

const ENVELOPE = new Set(['message', 'short_message', 'full_message', 'time', 'timestamp', 'host', 'level', 'version']);

/** Turns the payload of any msg into a GELF message that Graylog neither rejects nor loses when it stores it. */
export function createShaper(options: ShapeOptions): (payload: unknown, nowMs: number) => Shaped {
  const nameOf = createFieldNames();

  const add = (gelf: Gelf, key: string, value: string | number, count: { fields: number }): void => {
    if (count.fields >= MAX_FIELDS) return;
    let name = nameOf(key);
    // Two keys that become one name would overwrite each other without a word.
    for (let n = 2; Object.hasOwn(gelf, name); n += 1) name = `${nameOf(key)}_${n}`;
    gelf[name] = typeof value === 'string' ? shorten(value, MAX_FIELD_BYTES) : value;
    count.fields += 1;
  };

  const addAll = (gelf: Gelf, source: object, prefix: string, above: object[], count: { fields: number }): void => {
    for (const key of Object.keys(source)) {
      if (prefix === '' && ENVELOPE.has(key)) continue;
      const value = (source as { [key: string]: unknown })[key];
      const name = prefix === '' ? key : `${prefix}_${key}`;
      if (typeof value === 'object' && isPlain(value) && above.length < MAX_DEPTH) {
        if (above.includes(value)) add(gelf, name, '[circular]', count);
        else addAll(gelf, value, name, [...above, value], count);
        continue;
      }
      const text = leaf(value);
      if (text !== undefined) add(gelf, name, text, count);
    }
  };

  const shape = (payload: unknown, nowMs: number): Shaped => {
    if (payload === undefined || payload === null) return { fault: 'noPayload' };
    const source: { [key: string]: unknown } = isPlain(payload) ? payload : { message: text(payload) };
    const message = text(source.message ?? source.short_message);
    if (message.trim() === '') return { fault: 'noMessage' };
    const host = text(source.host).trim();
    const gelf: Gelf = {
      short_message: message,
      host: host === '' ? options.host : shorten(host, MAX_FIELD_BYTES),
      timestamp: readTime(source.time ?? source.timestamp, nowMs) / 1000,
      level: readLevel(source.level),
    };
    const full = text(source.full_message);
    if (full !== '') gelf.full_message = full;
    const count = { fields: 0 };
    addAll(gelf, source, '', [source], count);
    for (const [name, value] of Object.entries(options.staticFields ?? {})) {
      if (!Object.hasOwn(gelf, nameOf(name))) add(gelf, name, value, count);
    }
    return { gelf: fit(gelf, options.largestBytes) };
  };

  return (payload, nowMs) => {
    try {
      return shape(payload, nowMs);
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

function documentBytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

/** Room for `version`, the underscores and what compressing or a proxy may add. */
const RESERVE_BYTES = 1_024;

/** Shortens the longest texts until the document has no more than `largestBytes`; the other fields stay whole. */
function fit(gelf: Gelf, largestBytes: number): Gelf {
  let units = 0;
  for (const key in gelf) {
    const value = gelf[key];
    units += key.length + (typeof value === 'string' ? value.length : 24) + 8;
  }
  // A unit takes at most six bytes in JSON (\u0000): most messages are far from any limit and are not measured.
  if (units * 6 + RESERVE_BYTES <= largestBytes) return gelf;
  const limit = largestBytes - RESERVE_BYTES;
  for (let round = 0; round < 64; round += 1) {
    const excess = documentBytes(gelf) - limit;
    if (excess <= 0) return gelf;
    let longest = '';
    for (const key in gelf) {
      const value = gelf[key];
      if (typeof value === 'string' && value.length > String(gelf[longest] ?? '').length) longest = key;
    }
    const value = String(gelf[longest]);
    const bytes = new TextEncoder().encode(value).length;
    gelf[longest] = shorten(value, Math.max(16, Math.min(bytes - Math.ceil(excess / 6), Math.ceil(bytes * 0.75))));
  }
  return gelf;
}
