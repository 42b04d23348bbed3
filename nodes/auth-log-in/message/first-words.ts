/** A power of two. */
const PLACES = 1024;

/** Values by the first word of a text. Asking a map for them takes a text for the word and its hash, for each line. */
export class FirstWords<Value> {
  /**
   * By the length of the word and its first character; seldom two words have both. A list with gaps would be kept by V8 as a
   * table of hashes, which is slow to read.
   */
  readonly #words: (readonly (readonly [word: string, value: Value])[])[] = new Array(PLACES).fill([]);

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
    const words = this.#words[placeOf(text, length)] ?? [];
    for (const [word, value] of words) if (word.length === length && text.startsWith(word)) return value;
    return undefined;
  }
}

/** The codes of letters are below 128. */
function placeOf(text: string, length: number): number {
  return (length * 128 + text.charCodeAt(0)) & (PLACES - 1);
}
