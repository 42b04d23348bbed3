/** The body as text, and what is asked of it. */

import { declaredCharset, decoderOf, guessedCharset, isTextType, isUtf8Text } from './charset.ts';

/** As much is decoded at once: 100 MiB of Big5 take a second and a half. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** The charset of a body that is text; undefined where it is binary. */
function charsetOf(body: Uint8Array, contentType: string | undefined, isCut: boolean): string | undefined {
  const declared = declaredCharset(body, contentType);
  const isText = isTextType(contentType);
  if (declared !== undefined && !/^utf-?8$/i.test(declared)) return declared;
  if (isUtf8Text(body, isCut)) return 'utf-8';
  // The bytes do not tell: the type does.
  return isText ? (declared ?? guessedCharset(body)) : undefined;
}

/**
 * The body as text in the charset that it says it has, or that its bytes tell; undefined where it is binary. `isCut` says
 * that it goes on. It stops after each piece, so that its caller can let others run.
 */
export function* decodeBody(
  body: Uint8Array,
  contentType: string | undefined,
  isCut = false,
): Generator<undefined, string | undefined, undefined> {
  const charset = charsetOf(body, contentType, isCut);
  if (charset === undefined) return undefined;
  const decoder = decoderOf(charset) ?? new TextDecoder();
  const pieces: string[] = [];
  for (let from = 0; from === 0 || from < body.length; from += PIECE_BYTES) {
    const more = from + PIECE_BYTES < body.length;
    pieces.push(decoder.decode(body.subarray(from, from + PIECE_BYTES), { stream: more || isCut }));
    if (more) yield;
  }
  return pieces.join('');
}

/** The first `length` characters, without half of a surrogate pair at the end. */
export function excerpt(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

/** `unread`: the head is enough. */
export type MatchType = 'none' | 'unread' | 'contains' | 'excludes' | 'matches' | 'jsonata';
