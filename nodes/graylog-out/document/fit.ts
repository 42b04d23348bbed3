import { type GelfFields, longText } from '../../../lib/gelf-encoder.ts';
import { kindOf, numberText } from '../../../lib/record-keys.ts';

/** Room for `version` and the standard names. */
const RESERVE_BYTES = 1_024;
/** A field's underscore, quotes, colon and comma. */
const FIELD_BYTES = 8;
/** A control character in JSON (`\u0000`). */
const MAX_ESCAPE_BYTES = 6;
/** The most bytes that a UTF-16 unit takes in a document: a change of direction, written out, in JSON (`\\u202e`). */
export const MAX_JSON_BYTES_PER_UNIT = 7;
/** A message begins with these, and at most one more (`full_message`). */
const STANDARD_FIELDS = 4;
/** What is left of a text at least. */
const LEAST_TEXT_BYTES = 16;

/**
 * Whether a document of so many UTF-16 units in names and values may have more than `largestBytes`. Most are far from any
 * limit and are not measured.
 */
export function mayBeLarge(units: number, fields: number, largestBytes: number): boolean {
  return units * MAX_JSON_BYTES_PER_UNIT + fields * FIELD_BYTES + RESERVE_BYTES > largestBytes;
}

/**
 * Shortens the longest texts, all to the same length, until the document has no more than `largestBytes`. Changes `gelf`.
 */
export function fitInto(gelf: GelfFields, largestBytes: number): void {
  const limit = largestBytes - RESERVE_BYTES;
  const excess = documentBytes(gelf) - limit;
  if (excess <= 0) return;
  shortenTexts(gelf, excess);
  dropLastFields(gelf, limit);
}

/** Takes about `excess` bytes out of the texts. */
function shortenTexts(gelf: GelfFields, excess: number): void {
  const texts = Object.entries(gelf).flatMap(([key, value]) =>
    typeof value === 'string' ? [{ key, value, bytes: bytesInJson(value) }] : [],
  );
  texts.sort((a, b) => a.bytes - b.bytes);
  let room = texts.reduce((sum, { bytes }) => sum + bytes, 0) - excess;
  // From the shortest up: what fits into an equal share stays whole and leaves its rest to the longer ones.
  for (const [index, { key, value, bytes }] of texts.entries()) {
    const share = Math.max(LEAST_TEXT_BYTES, Math.floor(room / (texts.length - index)));
    if (bytes > share) gelf[key] = shortenInJson(value, share);
    room -= Math.min(bytes, share);
  }
}

/** Names and numbers cannot be shortened: where they alone are more than `limit` bytes, the last fields go. */
function dropLastFields(gelf: GelfFields, limit: number): void {
  const names = Object.keys(gelf);
  for (let over = documentBytes(gelf) - limit; over > 0 && names.length > STANDARD_FIELDS; ) {
    const name = names.pop() as string;
    over -= bytesInJson(name) + fieldBytes(name, gelf[name]) + 2;
    delete gelf[name];
  }
}

/** The bytes of the document's text; numbers are written as their kind wants it. */
function documentBytes(gelf: GelfFields): number {
  let bytes = 0;
  for (const key in gelf) bytes += bytesInJson(key) + fieldBytes(key, gelf[key]) + 2;
  return bytes;
}

function fieldBytes(key: string, value: string | number | undefined): number {
  return typeof value === 'number' ? numberText(kindOf(key), value).length : bytesInJson(value ?? '');
}

function bytesInJson(text: string): number {
  return Buffer.byteLength(longText(text));
}

/** The quotes, and the ellipsis of a text that was cut. */
const CUT_BYTES = 5;

/** The beginning of the text, cut at a character so that it takes at most `limit` bytes as JSON, with an ellipsis. */
function shortenInJson(text: string, limit: number): string {
  let end = 0;
  for (let bytes = CUT_BYTES; end < text.length; ) {
    const code = text.codePointAt(end) as number;
    bytes += characterBytes(code);
    if (bytes > limit) break;
    end += code > 0xffff ? 2 : 1;
  }
  return `${text.slice(0, end)}…`;
}

const SHORT_ESCAPES = new Set([...'"\\\b\t\n\f\r'].map((character) => character.charCodeAt(0)));

/** The bytes of a character in JSON, where those up to U+009F that steer are written out in the long text. */
function characterBytes(code: number): number {
  if (code >= 0x7f && code < 0xa0) return MAX_ESCAPE_BYTES;
  if (code < 0x80) return SHORT_ESCAPES.has(code) ? 2 : code < 0x20 ? MAX_ESCAPE_BYTES : 1;
  if (code < 0x800) return 2;
  return code > 0xffff ? 4 : 3;
}
