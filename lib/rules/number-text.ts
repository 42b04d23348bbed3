/** What counts as a number: digits, a point and a decimal exponent; no blanks, no comma, no `0x10`, nothing infinite. */
const NUMBER = /^-?\d{1,40}(?:\.\d{1,40})?(?:e[+-]?\d{1,3})?$/i;

/**
 * The number that a value of a record or a field of a dialog is, by one grammar everywhere; undefined for anything else. A
 * text counts where it is nothing but a number: `"9"` is one, `""`, `" 9"`, `"1,5"`, `"0x10"` and NaN are none.
 */
export function numberFrom(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || !NUMBER.test(value)) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** The text with a point, where it is a number but for its decimal comma: what to propose to whoever typed it. */
export function withPoint(text: string): string | undefined {
  const proposed = text.trim().replace(',', '.');
  return proposed !== text && numberFrom(proposed) !== undefined ? proposed : undefined;
}
