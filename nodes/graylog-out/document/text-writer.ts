import type { BatchTexts } from './batch-texts.ts';
import type { Column } from './column.ts';
import { copy, type Memory, NO, putLong, putPlain, viewOf } from './memory.ts';
import { STAMP_BYTES, StampWriter } from './time-stamp.ts';

/** Texts up to here are written character by character: to have longer ones written takes less time. */
const FEW_UNITS = 16;

/** Writes the texts of documents that stand there as they are, from bytes that there are of them already where it can. */
export class TextWriter {
  readonly #stamps = new StampWriter();
  /** Those of the document that are written already; undefined where none are. */
  #texts: BatchTexts | undefined;
  /** The memory of the last document, as it is written to by several bytes at once. */
  #view: DataView<ArrayBufferLike> = new DataView(new ArrayBuffer(0));
  /** The last long text of the document, and where it stands: the id of a connection is that of its first record. */
  #long: string | undefined;
  #longAt = 0;

  /** Begins a document. `texts` has some of it. */
  begin(memory: Memory, texts: BatchTexts | undefined): void {
    this.#long = undefined;
    this.#texts = texts;
    if (memory.buffer !== this.#view.buffer || memory.byteOffset !== this.#view.byteOffset) this.#view = viewOf(memory);
  }

  /** Writes the time of a record, of as many characters as a stamp has, as a stamp of GELF. -1 for another form. */
  time({ batched }: Column, text: string, memory: Memory, at: number): number {
    const texts = this.#texts;
    if (texts !== undefined) return this.#stamps.write(texts.bytes, texts.startOf(batched), memory, at);
    // Behind what is written of it.
    const textAt = at + STAMP_BYTES;
    memory.write(text, textAt);
    return this.#stamps.write(memory, textAt, memory, at);
  }

  /** Writes a text of ASCII characters that JSON writes as they are; -1 for any other. */
  plain({ batched }: Column, text: string, memory: Memory, at: number): number {
    const texts = batched === NO ? undefined : this.#texts;
    if (texts !== undefined) return this.#batched(texts, batched, text, at);
    if (text.length <= FEW_UNITS) return putPlain(memory, at, text);
    if (text === this.#long) return copy(this.#view, at, this.#view, this.#longAt, this.#longAt + text.length);
    return this.#noteLong(text, at, putLong(memory, at, text));
  }

  #batched(texts: BatchTexts, place: number, text: string, at: number): number {
    const [from, end] = [texts.startOf(place), texts.endOf(place)];
    // What is no text in the record is none of a batch.
    if (end - from !== text.length || !texts.isPlain(from, end)) return NO;
    return this.#noteLong(text, at, copy(this.#view, at, texts.view, from, end));
  }

  #noteLong(text: string, at: number, end: number): number {
    if (end === NO) return NO;
    this.#long = text;
    this.#longAt = at;
    return end;
  }
}
