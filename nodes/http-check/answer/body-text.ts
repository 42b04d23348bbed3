/** The body as text, and what is asked of it. */

const TEXT_TYPE =
  /^(text\/|application\/(.+\+)?(json|xml|javascript|ecmascript|x-www-form-urlencoded|yaml|graphql)\b)/i;

/** As much is decoded at once: 100 MiB of Big5 take a second and a half. */
const PIECE_BYTES = 4 * 1024 * 1024;

/**
 * The body as text in the charset it says it has; undefined where it is binary. It stops after each piece, so that its
 * caller can let others run.
 */
export function* decodeBody(
  body: Uint8Array,
  contentType: string | undefined,
): Generator<undefined, string | undefined, undefined> {
  if (contentType !== undefined && !TEXT_TYPE.test(contentType)) return undefined;
  const charset = /;\s*charset="?([^";\s]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
  const decoder = decoderOf(charset) ?? new TextDecoder();
  const pieces: string[] = [];
  for (let from = 0; from === 0 || from < body.length; from += PIECE_BYTES) {
    const stream = from + PIECE_BYTES < body.length;
    const piece = decoder.decode(body.subarray(from, from + PIECE_BYTES), { stream });
    // Without a type the bytes must tell: a NUL or bytes that are no UTF-8 are no text.
    if (contentType === undefined && /[\0\ufffd]/.test(piece)) return undefined;
    pieces.push(piece);
    if (stream) yield;
  }
  return pieces.join('');
}

/** The same at once, for a body that is not large. */
export function textOf(body: Uint8Array, contentType: string | undefined): string | undefined {
  const decoding = decodeBody(body, contentType);
  for (;;) {
    const { done, value } = decoding.next();
    if (done === true) return value;
  }
}

function decoderOf(charset: string): TextDecoder | undefined {
  try {
    return new TextDecoder(charset);
  } catch {
    return undefined;
  }
}

/** The first `length` characters, without half of a surrogate pair at the end. */
export function excerpt(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

export type MatchType = 'none' | 'contains' | 'excludes' | 'matches' | 'jsonata';

/** Why the text is not as it should be, or undefined when it is. */
export function textMismatch(type: 'contains' | 'excludes', match: string, text: string): string | undefined {
  if (type === 'contains' && !text.includes(match)) return `the body does not contain ${match}`;
  if (type === 'excludes' && text.includes(match)) return `the body contains ${match}`;
  return undefined;
}
