import type { Row } from './row.ts';
import type { Line } from './row-list.ts';
import { isGap } from './row-list.ts';

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

/** All that a search looks at of a row, in small letters. */
export function searchedText({ text, subject, record }: Row): string {
  const values = Object.values(record).filter((value) => typeof value === 'string' || typeof value === 'number');
  return `${text} ${subject} ${values.join(' ')}`.toLowerCase();
}

/** The rows that hold a text. */
export function withText(lines: readonly Line[], text: string): readonly Line[] {
  return lines.filter((line) => !isGap(line) && searchedText(line).includes(text));
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'i') instanceof RegExp;
  } catch {
    return false;
  }
}
