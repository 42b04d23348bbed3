import type { GelfFields } from '../../../lib/gelf-encoder.ts';
import { shorten } from './value.ts';

/** Room for `version` and the standard names. */
const RESERVE_BYTES = 1_024;
/** A field's underscore, quotes, colon and comma. */
const FIELD_BYTES = 8;
/** The most bytes that a UTF-16 unit takes in JSON (`\u0000`). */
const MAX_JSON_BYTES_PER_UNIT = 6;
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
  const excess = bytesInJson(gelf) - limit;
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
  for (let over = bytesInJson(gelf) - limit; over > 0 && names.length > STANDARD_FIELDS; ) {
    const name = names.pop() as string;
    over -= bytesInJson(name) + bytesInJson(gelf[name]) + 2;
    delete gelf[name];
  }
}

function bytesInJson(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

/** The text, cut so that it takes at most `limit` bytes as JSON, where escapes make it longer. */
function shortenInJson(text: string, limit: number): string {
  let cut = text;
  let target = limit;
  for (let left = text.length * 3; left > 0 && bytesInJson(cut) > target; left = Math.floor(left * 0.75)) {
    cut = shorten(text, Math.min(left, Math.floor(target * (text.length / JSON.stringify(text).length))));
    target -= 2;
  }
  return cut;
}
