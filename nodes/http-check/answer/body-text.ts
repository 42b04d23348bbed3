/** The body as text, and what is asked of it. */

const TEXT_TYPE =
  /^(text\/|application\/(.+\+)?(json|xml|javascript|ecmascript|x-www-form-urlencoded|yaml|graphql)\b)/i;

/** The body as text in the charset it says it has; undefined where it is binary. */
export function textOf(body: Uint8Array, contentType: string | undefined): string | undefined {
  if (contentType !== undefined && !TEXT_TYPE.test(contentType)) return undefined;
  const charset = /;\s*charset="?([^";\s]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
  const text = decode(body, charset) ?? decode(body, 'utf-8') ?? '';
  // Without a type the bytes must tell: a NUL or bytes that are no UTF-8 are no text.
  return contentType === undefined && /[\0\ufffd]/.test(text) ? undefined : text;
}

function decode(body: Uint8Array, charset: string): string | undefined {
  try {
    return new TextDecoder(charset).decode(body);
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
