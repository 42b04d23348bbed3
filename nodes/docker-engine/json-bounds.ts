import { MonitoringError } from '../../lib/errors.ts';

/** Docker's answers have some ten levels, and some sixty values for each container. */
const MOST_LEVELS = 100;
const MOST_VALUES = 1_000_000;

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const OPENING = [91, 123];
const CLOSING = [93, 125];

/**
 * Looks at JSON while it is read, before it is parsed: a value of two bytes becomes an object of sixty, so that a text
 * within its limit can still take all memory and hold the event loop for seconds.
 */
export class JsonBounds {
  #levels = 0;
  #values = 0;
  #isText = false;
  #isEscaped = false;

  /** Throws `ANSWER_TOO_COMPLEX` where it holds too many values or levels. */
  push(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (this.#isText) this.#readText(byte);
      else this.#read(byte);
    }
    if (this.#values > MOST_VALUES || this.#levels > MOST_LEVELS)
      throw new MonitoringError('ANSWER_TOO_COMPLEX', { values: MOST_VALUES, levels: MOST_LEVELS });
  }

  #readText(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isText = false;
  }

  #read(byte: number): void {
    if (byte === QUOTE) this.#isText = true;
    else if (byte === COMMA) this.#values += 1;
    else if (OPENING.includes(byte)) {
      this.#values += 1;
      // Deeper levels count too where they are closed again within the same chunk.
      this.#levels += 1;
      if (this.#levels > MOST_LEVELS) this.#values = MOST_VALUES + 1;
    } else if (CLOSING.includes(byte)) this.#levels -= 1;
  }
}
