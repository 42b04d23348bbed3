import { fitted } from './fitted.ts';
import { shortCount } from './short-count.ts';
import type { Arguments, Translate } from './status.ts';
import { visible } from './visible.ts';

/** The room under a node, in characters: a longer text runs over the wires and nodes beside it. */
export const MOST_CHARACTERS = 24;
/** Fewer characters of a name tell nothing. */
const LEAST_CHARACTERS = 3;
const LARGEST_NUMBER = 99_999;

const lengthOf = (text: string): number => [...text].length;

/**
 * A text of the catalogue as it stands under a node: one line of at most 24 characters. Where it is longer, large numbers
 * are written shorter (`1.2M`), then its longest values are cut in their middle, and at last the text.
 */
export function statusText(translate: Translate, key: string, args?: Arguments): string {
  const values = Object.fromEntries(
    Object.entries(args ?? {}).map(([name, value]) => [name, typeof value === 'string' ? visible(value) : value]),
  );
  const say = (): string => visible(translate(key, args && values));
  const text = say();
  // Node-RED gives the key where a catalogue lacks it: that is shown whole.
  if (lengthOf(text) <= MOST_CHARACTERS || text.endsWith(key)) return text;
  for (const [name, value] of Object.entries(values)) if (isLarge(value)) values[name] = shortCount(Number(value));
  for (const [name, value] of longestFirst(values)) {
    const excess = lengthOf(say()) - MOST_CHARACTERS;
    if (excess > 0) values[name] = fitted(value, Math.max(LEAST_CHARACTERS, lengthOf(value) - excess));
  }
  return fitted(say(), MOST_CHARACTERS);
}

function isLarge(value: string | number | undefined): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > LARGEST_NUMBER;
}

/** What does not stand in the text may be cut as well: the text is as long then, and the next value gives way. */
function longestFirst(values: Arguments): [name: string, value: string][] {
  return Object.entries(values)
    .flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : []))
    .sort(([, a], [, b]) => lengthOf(b) - lengthOf(a));
}

const STATUS = /^status\./;

/**
 * The whole of what a status says in short, with its remedy: `sentence.<key>` of the catalogue for `status.<key>`, else
 * the status itself, uncut.
 */
export function sentenceOf(translate: Translate, key: string, args?: Arguments): string {
  if (STATUS.test(key)) {
    const name = key.replace(STATUS, 'sentence.');
    const sentence = translate(name, args);
    // Node-RED gives the key where a catalogue lacks it.
    if (!sentence.endsWith(name)) return visible(sentence);
  }
  return visible(translate(key, args));
}
