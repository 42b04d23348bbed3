/** In which charset a body is, by what it says itself. */

import { Buffer, isUtf8 } from 'node:buffer';

/** So much of a page is looked through for its own word about its charset. */
export const SNIFFED_BYTES = 4096;

const TEXT_TYPE =
  /^(text\/|(application\/)?(.+\+)?(json|xml|javascript|ecmascript|x-www-form-urlencoded|yaml|graphql)\b|application\/(.+\+)?(x-)?(ndjson|openmetrics-text|html)\b)/i;
const MARKUP_TYPE = /^(text\/html|.*xml\b|.*xhtml)/i;

/** Whether the type says that it is text. */
export function isTextType(contentType: string | undefined): boolean {
  return contentType !== undefined && TEXT_TYPE.test(contentType);
}

/** A decoder that replaces what it cannot read; undefined where the charset is unknown. It leaves a byte order mark out. */
export function decoderOf(charset: string): TextDecoder | undefined {
  try {
    return new TextDecoder(charset);
  } catch {
    return undefined;
  }
}

function byMark(head: Uint8Array): string | undefined {
  const [first, second, third] = head;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

function byMarkup(head: Uint8Array): string | undefined {
  const text = Buffer.from(head.subarray(0, SNIFFED_BYTES))
    .toString('latin1')
    .replace(/<!--.*?-->/gs, '');
  const xml = /^\s*<\?xml\s[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(text)?.[1];
  const meta = /<meta\b[^>]{0,1000}?\bcharset\s*=\s*["']?\s*([\w.:-]+)/i.exec(text)?.[1];
  const named = xml ?? meta;
  // Who can read this word reads no UTF-16 (WHATWG Encoding, 8.1).
  return named !== undefined && /^utf-?16/i.test(named) ? 'utf-8' : named;
}

/**
 * The charset that a body says it has: by its byte order mark, its content type, or its own markup (WHATWG HTML, 13.2.3).
 * `head` is its beginning, of `SNIFFED_BYTES` where it has so many. Undefined where it says none, or an unknown one.
 */
export function declaredCharset(head: Uint8Array, contentType: string | undefined): string | undefined {
  const byType = /;\s*charset\s*=\s*["']?([^"';\s]+)/i.exec(contentType ?? '')?.[1];
  const isMarkup = contentType === undefined || MARKUP_TYPE.test(contentType);
  const named = [byMark(head), byType, isMarkup ? byMarkup(head) : undefined];
  return named.find((charset) => charset !== undefined && decoderOf(charset) !== undefined);
}

/** Whether the bytes are UTF-8; of a body that was cut, the last character may be cut, too. */
export function isUtf8Text(body: Uint8Array, isCut: boolean): boolean {
  if (body.includes(0)) return false;
  if (isUtf8(body)) return true;
  return isCut && [1, 2, 3].some((less) => isUtf8(body.subarray(0, Math.max(0, body.length - less))));
}

/**
 * The charset of bytes that say none and are no whole UTF-8: UTF-8 with a fault in it, or else what browsers take, in which
 * every byte is a character.
 */
export function guessedCharset(body: Uint8Array): string {
  const text = new TextDecoder().decode(body.subarray(0, 64 * 1024));
  return /[\u0080-\ufffc]/.test(text) ? 'utf-8' : 'windows-1252';
}
