/**
 * The own texts of numbers that came in a document: a number of JavaScript has lost whether it was `1` or `1.0`, and the last
 * digits of a long integer. They travel beside a record, in `msg.numbers`, by the keys of its payload; the text of its time
 * as `timestamp`. A text counts only while the payload has the number that it stands for.
 */
export type NumberTexts = { readonly [key: string]: string };

/** A number of JSON; longer ones are none that anybody sends. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const MOST_CHARACTERS = 400;
const TIME = 'timestamp';

/** What a msg says of its numbers; undefined where it says nothing, or something else. */
export function parseNumberTexts(value: unknown): NumberTexts | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as NumberTexts;
}

/** How the number of a field is written by these texts; undefined where they do not say. */
export function ownText(texts: NumberTexts, key: string, value: number): string | undefined {
  const text: unknown = Object.hasOwn(texts, key) ? texts[key] : undefined;
  if (typeof text !== 'string' || text.length > MOST_CHARACTERS || !NUMBER.test(text)) return undefined;
  const number = Number(text);
  const isSame =
    key === TIME
      ? Math.round(number * 1000) === Math.round(value * 1000)
      : number === value || (!Number.isFinite(number) && value === Math.sign(number) * Number.MAX_VALUE);
  return isSame ? text : undefined;
}
