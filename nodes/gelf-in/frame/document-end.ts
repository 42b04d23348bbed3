/**
 * Tells where a document of JSON ends that is read piece by piece. A byte is looked at once, however often it is asked: what
 * is asked for at every newline must not cost more for a longer document.
 */
export class DocumentEnd {
  #depth = 0;
  #hasBegun = false;
  /** It begins with something else than an object: such a line ends at its newline. */
  #isOther = false;
  #isInText = false;
  #isEscaped = false;

  /** Looks at the bytes from `start` up to `end`. */
  look(bytes: Uint8Array, start: number, end: number): void {
    for (let i = start; i < end; i += 1) {
      const byte = bytes[i] as number;
      if (this.#isInText) this.#lookInText(byte);
      else if (byte === QUOTE) this.#isInText = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.#depth -= 1;
      if (this.#hasBegun || byte <= SPACE) continue;
      this.#hasBegun = true;
      this.#isOther = byte !== OPEN_OBJECT && byte !== BOM;
    }
  }

  /** Whether a document of which all these bytes are is complete. */
  get isComplete(): boolean {
    return this.#isOther || (!this.#isInText && this.#depth <= 0);
  }

  get isInText(): boolean {
    return this.#isInText;
  }

  #lookInText(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isInText = false;
  }
}

const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
/** The first byte of the mark that some programs put before UTF-8. */
const BOM = 0xef;
