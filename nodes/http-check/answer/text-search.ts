import { Buffer } from 'node:buffer';
import { declaredCharset, decoderOf, isTextType, SNIFFED_BYTES } from './charset.ts';

/**
 * Looks for a text in a body while it comes, whatever its length. Where a body does not say its charset, it is looked for
 * in UTF-8 and in the charset that browsers take instead.
 */
export class TextSearch {
  readonly #match: string;
  readonly #contentType: string | undefined;
  /** The beginning of the body, until there is enough of it to know the charset. */
  #head: Uint8Array | undefined = new Uint8Array();
  #decoders: { decoder: TextDecoder; tail: string }[] = [];
  #isFound = false;

  constructor(match: string, contentType: string | undefined) {
    this.#match = match;
    this.#contentType = contentType;
  }

  get isFound(): boolean {
    return this.#isFound;
  }

  /** Takes the next bytes. Returns whether the text was found in all that came so far. */
  push(bytes: Uint8Array): boolean {
    if (this.#isFound) return true;
    if (this.#head === undefined) return this.#search(bytes);
    const head = Buffer.concat([this.#head, bytes]);
    // The little that there is so far is looked through again: a stream may pause after its first line.
    this.#decoders = this.#charsets(head).map((charset) => ({
      decoder: decoderOf(charset) ?? new TextDecoder(),
      tail: '',
    }));
    this.#head = head.length < SNIFFED_BYTES ? head : undefined;
    return this.#search(head);
  }

  #charsets(head: Uint8Array): string[] {
    const declared = declaredCharset(head, this.#contentType);
    if (declared !== undefined) return [declared];
    return isTextType(this.#contentType) ? ['utf-8', 'windows-1252'] : ['utf-8'];
  }

  #search(bytes: Uint8Array): boolean {
    for (const reading of this.#decoders) {
      const text = reading.tail + reading.decoder.decode(bytes, { stream: true });
      if (text.includes(this.#match)) this.#isFound = true;
      reading.tail = text.slice(text.length - Math.min(text.length, this.#match.length - 1));
    }
    return this.#isFound;
  }
}
