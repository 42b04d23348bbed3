import { visible } from '../../../lib/visible.ts';
import { type Budget, base64, digits, jsonText } from './json-text.ts';

/**
 * What becomes of a value in a GELF field. Graylog drops booleans and nulls without a word, turns arrays into text of
 * its own making, and loses the whole message over a string of more than 32,766 bytes.
 */

/** The longest a string field may be, in UTF-8 bytes: the limit of a Lucene term. */
export const MAX_FIELD_BYTES = 32_766;

/** No character takes more than three bytes for each of its UTF-16 units. */
export const MAX_BYTES_PER_UNIT = 3;

const ELLIPSIS = '…';
const ELLIPSIS_BYTES = 3;

/** The text, cut at a character so that it has at most `limit` UTF-8 bytes; an ellipsis says that it was cut. */
export function shorten(text: string, limit: number): string {
  if (text.length * MAX_BYTES_PER_UNIT <= limit) return text;
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= limit) return text;
  let end = Math.max(0, limit - ELLIPSIS_BYTES);
  // A byte 10xxxxxx goes on a character: step back to the first byte of it and cut before.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return new TextDecoder().decode(bytes.subarray(0, end)) + ELLIPSIS;
}

/** Half a surrogate pair is not a character and no valid JSON text can carry it. */
export function clean(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

/** The first units of a text, one more than `most`, so that it is still seen to be too long: the rest is never looked at. */
export function head(text: string, most: number): string {
  return text.length > most ? text.slice(0, most + 1) : text;
}

/** A text as it stands in a field of at most `bytes`: nothing in it steers a terminal. */
export function fieldText(text: string, bytes: number = MAX_FIELD_BYTES): string {
  return shorten(visible(clean(head(text, bytes)), bytes), bytes);
}

/**
 * The field's value for a leaf: undefined where it is left out (null, not a number, a function). Of a text of more units
 * than `most` it is the beginning, still longer than that.
 */
export function leaf(value: unknown, most: number, budget: Budget): string | number | undefined {
  switch (typeof value) {
    case 'string':
      return head(value, most);
    case 'number':
      return Number.isFinite(value) ? value : undefined;
    case 'boolean':
      return String(value);
    case 'bigint':
      return digits(value);
    case 'object':
      return objectText(value, most, budget);
    default:
      return undefined;
  }
}

function objectText(value: object | null, most: number, budget: Budget): string | undefined {
  if (value === null) return undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (value instanceof Error) return head(String(value.message || value.name), most);
  if (value instanceof Uint8Array) return base64(value, most);
  return jsonText(value, most, budget);
}

/** Whether the value's own keys become fields; anything else is one field. */
export function isPlain(value: unknown): value is { [key: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}
