import { isAscii } from 'node:buffer';
import { MonitoringError } from '../../../lib/errors.ts';
import { MAX_LINE_BYTES } from '../../../lib/file/line-splitter.ts';
import { FIELDS } from './fields.ts';

/**
 * The Journal Export Format, as `journalctl --output=export` prints it: a line `NAME=value` for each field, and an empty
 * line after each entry. A value that is not plain text comes as `NAME`, a newline, its length in 8 bytes (little-endian),
 * its bytes, and a newline. JSON would cost more: journalctl takes 1.2 GB of memory to write bytes as a list of numbers.
 * https://systemd.io/JOURNAL_EXPORT_FORMATS/
 */

/** The fields of one entry that are read, by name. Of a field that is given twice it has the first value. */
export type JournalFields = Map<string, string>;

type Part = 'line' | 'size' | 'value' | 'newline';

const NUL = 0;
const NEWLINE = 10;
const EQUALS = 61;
const SIZE_BYTES = 8;
/** journald takes no longer name. */
const NAME_BYTES = 64;
const NAME = /^[A-Z0-9_]{1,64}$/;
/** journald takes no larger field: 768 MiB. */
const LARGEST_VALUE = 805_306_368n;
/** So much of a line or a value is kept. */
const KEPT_BYTES = NAME_BYTES + 1 + MAX_LINE_BYTES;

/** Splits what journalctl prints into entries, in pieces of any size. It keeps no more of a value than of a line in a file. */
export class ExportSplitter {
  #part: Part = 'line';
  /** The name of the value that is read; undefined where it is not wanted. */
  #name: string | undefined;
  /** The start of the unfinished line or value. */
  #kept: Buffer[] = [];
  #keptBytes = 0;
  /** The length of the unfinished line or value so far, with what is not kept of it. */
  #bytes = 0;
  /** How many bytes of a value are still to come. */
  #missing = 0;
  #fields: JournalFields = new Map();

  /** Puts the entries that end in `chunk` into `entries`. Throws `JOURNAL_MALFORMED` where something else follows. */
  push(chunk: Buffer, entries: JournalFields[]): void {
    let isTried = false;
    for (let at = 0; at < chunk.length; ) {
      if (this.#part === 'line' && this.#bytes === 0 && !isTried) {
        isTried = true;
        at = this.#readText(chunk, at, entries);
      } else if (this.#part === 'line') at = this.#readLine(chunk, at, entries);
      else if (this.#part === 'size') at = this.#readSize(chunk, at);
      else if (this.#part === 'value') at = this.#readValue(chunk, at);
      else at = this.#readNewline(chunk, at);
    }
  }

  /**
   * Reads the lines of `chunk` from `at` as one text, which is several times faster than one text for each field, and right
   * where a byte is a character. The size of a value of bytes has NUL bytes. Returns how far it came.
   */
  #readText(chunk: Buffer, at: number, entries: JournalFields[]): number {
    const lines = chunk.subarray(at, chunk.lastIndexOf(NEWLINE) + 1);
    if (!isAscii(lines) || lines.includes(NUL)) return at;
    const text = lines.toString('latin1');
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      const equals = text.indexOf('=', from);
      const isField = equals !== -1 && equals < end;
      if (end === from) this.#finishEntry(entries);
      else this.#readName(text.slice(from, isField ? equals : end), isField);
      // What follows a name alone is a size, and no line.
      if (this.#part !== 'line') return at + end + 1;
      if (isField && this.#name !== undefined) this.#set(this.#name, text.slice(equals + 1, end), end - equals - 1);
      from = end + 1;
    }
    return at + from;
  }

  #readLine(chunk: Buffer, at: number, entries: JournalFields[]): number {
    const end = chunk.indexOf(NEWLINE, at);
    if (end === -1) {
      this.#keep(chunk.subarray(at));
      return chunk.length;
    }
    const isWhole = this.#bytes === 0;
    const bytes = isWhole ? end - at : this.#bytes + end - at;
    if (!isWhole) this.#keep(chunk.subarray(at, end));
    const line = isWhole ? chunk.subarray(at, Math.min(end, at + KEPT_BYTES)) : this.#takeKept();
    this.#finishLine(line, bytes, entries);
    return end + 1;
  }

  /** `line` is as much as is kept of the `bytes` of the line. */
  #finishLine(line: Buffer, bytes: number, entries: JournalFields[]): void {
    if (bytes === 0) {
      this.#finishEntry(entries);
      return;
    }
    const equals = line.indexOf(EQUALS);
    const isField = equals !== -1;
    this.#readName(line.toString('latin1', 0, isField ? equals : line.length), isField);
    if (isField && this.#name !== undefined) {
      this.#set(this.#name, textOf(line.subarray(equals + 1)), bytes - equals - 1);
    }
  }

  /** `isField` says that the value follows in the same line. */
  #readName(name: string, isField: boolean): void {
    const isWanted = FIELDS.has(name);
    if (!isWanted && !NAME.test(name)) throw new MonitoringError('JOURNAL_MALFORMED');
    this.#name = isWanted ? name : undefined;
    if (!isField) this.#part = 'size';
  }

  #finishEntry(entries: JournalFields[]): void {
    if (this.#fields.size === 0) return;
    if (!this.#fields.has('__CURSOR')) throw new MonitoringError('JOURNAL_MALFORMED');
    entries.push(this.#fields);
    this.#fields = new Map();
  }

  #readSize(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + SIZE_BYTES - this.#bytes);
    this.#keep(chunk.subarray(at, end));
    if (this.#bytes < SIZE_BYTES) return end;
    const size = this.#takeKept().readBigUInt64LE();
    if (size > LARGEST_VALUE) throw new MonitoringError('JOURNAL_MALFORMED');
    this.#missing = Number(size);
    this.#part = size === 0n ? 'newline' : 'value';
    return end;
  }

  #readValue(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#missing);
    this.#missing -= end - at;
    if (this.#name !== undefined) this.#keep(chunk.subarray(at, end));
    if (this.#missing === 0) this.#part = 'newline';
    return end;
  }

  #readNewline(chunk: Buffer, at: number): number {
    if (chunk[at] !== NEWLINE) throw new MonitoringError('JOURNAL_MALFORMED');
    const bytes = this.#bytes;
    const value = this.#takeKept();
    if (this.#name !== undefined) this.#set(this.#name, textOf(value), bytes);
    this.#part = 'line';
    return at + 1;
  }

  #keep(piece: Buffer): void {
    const room = KEPT_BYTES - this.#keptBytes;
    // A copy, because the piece would hold on to its whole chunk.
    if (room > 0) this.#kept.push(Buffer.from(piece.subarray(0, room)));
    this.#keptBytes += Math.min(room, piece.length);
    this.#bytes += piece.length;
  }

  #takeKept(): Buffer {
    const kept = Buffer.concat(this.#kept);
    this.#kept = [];
    this.#keptBytes = 0;
    this.#bytes = 0;
    return kept;
  }

  /** `bytes` is the length of the whole value, of which `text` may be the start. */
  #set(name: string, text: string, bytes: number): void {
    if (this.#fields.has(name)) return;
    const isCut = bytes > MAX_LINE_BYTES;
    this.#fields.set(name, isCut ? `${text.slice(0, MAX_LINE_BYTES)}… [cut: the entry has ${bytes} bytes]` : text);
  }
}

function textOf(bytes: Buffer): string {
  return bytes.toString('utf8', 0, MAX_LINE_BYTES).replaceAll('\0', '\u{fffd}');
}
