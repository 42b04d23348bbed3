import { figureText } from '../../../lib/figure-text.ts';
import { visible } from '../../../lib/visible.ts';

/** What stands where there is no value. */
export const NO_VALUE = '–';

const LONGEST = 500;

/** A value for people, by the unit that ends its key's name: 91.2 %, 1.5 GB, 3 h 12 min. A text is cut, and shows what steers. */
export function valueText(key: string, value: unknown): string {
  if (value === undefined || value === null || value === '') return NO_VALUE;
  if (typeof value !== 'number') return shortText(typeof value === 'string' ? value : String(value));
  return Number.isFinite(value) ? figureText(key, value) : NO_VALUE;
}

/** A text from outside, fit to stand in a sentence. */
function shortText(text: string): string {
  const shown = visible(text.length > LONGEST ? `${withoutHalf(text.slice(0, LONGEST))}…` : text);
  return shown.toWellFormed?.() ?? shown;
}

/** A cut must not leave half of a character. */
export function withoutHalf(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}
