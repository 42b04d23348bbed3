/** A power of two, above the code of every character that such a word begins with. */
const CODES = 256;
const BLANK = 32;

/** Values by the first word of a text. Asking a map for them takes a text for the word and its hash, for each line. */
export class FirstWords<Value> {
  /** By the length of the word and its first character; seldom two words have both. */
  readonly #words: (readonly (readonly [word: string, value: Value])[] | undefined)[] = [];

  /** Of two equal words the last counts. */
  constructor(words: readonly (readonly [word: string, value: Value])[]) {
    for (const [word, value] of new Map(words)) {
      const place = placeOf(word, word.length);
      this.#words[place] = [...(this.#words[place] ?? []), [word, value]];
    }
  }

  /** The value of the word that ends with the first blank of the text, or with the text. */
  find(text: string): Value | undefined {
    const blank = text.indexOf(' ');
    const length = blank === -1 ? text.length : blank;
    const words = this.#words[placeOf(text, length)];
    if (words === undefined) return undefined;
    for (const [word, value] of words) if (word.length === length && text.startsWith(word)) return value;
    return undefined;
  }
}

/** All that is longer than such words are, or no such text, has place 0. */
function placeOf(text: string, length: number): number {
  const code = text.charCodeAt(0);
  return length < CODES && code > BLANK && code < CODES ? length * CODES + code : 0;
}
