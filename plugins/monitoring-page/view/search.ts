/** What is typed into the search: a text, or a pattern between slashes. */
export type Search =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'pattern'; readonly source: string };

/** A pattern that is half typed, or none, is a text. */
export function parseSearch(typed: string): Search {
  const text = typed.trim();
  if (text === '') return { kind: 'none' };
  const [, source] = /^\/(.+)\/$/.exec(text) ?? [];
  return source !== undefined && isPattern(source)
    ? { kind: 'pattern', source }
    : { kind: 'text', text: text.toLowerCase() };
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'im') instanceof RegExp;
  } catch {
    return false;
  }
}
