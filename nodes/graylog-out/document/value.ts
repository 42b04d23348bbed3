/**
 * What becomes of a value in a GELF field. Graylog drops booleans and nulls without a word, turns arrays into text of
 * its own making, and loses the whole message over a string of more than 32,766 bytes.
 */

/** The longest a string field may be, in UTF-8 bytes: the limit of a Lucene term. */
export const MAX_FIELD_BYTES = 32_766;

/** No character takes more than three bytes for each of its UTF-16 units. */
export const MAX_BYTES_PER_UNIT = 3;

const encoder = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The text, cut at a character so that it has at most `limit` UTF-8 bytes; an ellipsis says that it was cut. */
export function shorten(text: string, limit: number): string {
  if (text.length * MAX_BYTES_PER_UNIT <= limit) return text;
  const bytes = encoder(text);
  if (bytes.length <= limit) return text;
  const ellipsis = '…';
  let end = Math.max(0, limit - encoder(ellipsis).length);
  // A byte 10xxxxxx goes on a character: step back to the first byte of it and cut before.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return new TextDecoder().decode(bytes.subarray(0, end)) + ellipsis;
}

/** Half a surrogate pair is not a character and no valid JSON text can carry it. */
export function clean(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

/** Deeper than anything of use, and far from where the stack ends. */
const MAX_JSON_DEPTH = 100;

/** JSON of anything: what goes round in a circle or lies too deep is said in its place, bigint is its digits. */
export function jsonText(value: unknown): string {
  const above: unknown[] = [];
  const text = JSON.stringify(value, function (this: unknown, _key, item: unknown) {
    if (typeof item === 'bigint') return item.toString();
    if (typeof item !== 'object' || item === null) return item;
    while (above.length > 0 && above.at(-1) !== this) above.pop();
    if (above.includes(item)) return '[circular]';
    if (above.length >= MAX_JSON_DEPTH) return '[deeper]';
    above.push(item);
    return item;
  });
  return text ?? '';
}

/** The field's value for a leaf: undefined where it is left out (null, not a number, a function). */
export function leaf(value: unknown): string | number | undefined {
  switch (typeof value) {
    case 'string':
      return clean(value);
    case 'number':
      return Number.isFinite(value) ? value : undefined;
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'object':
      return value === null ? undefined : objectText(value);
    default:
      return undefined;
  }
}

function objectText(value: object): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (value instanceof Error) return clean(value.message || value.name);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return clean(jsonText(value));
}

/** Whether the value's own keys become fields; anything else is one field. */
export function isPlain(value: unknown): value is { [key: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}
