import { isAscii } from 'node:buffer';

/** A longer line is cut, and says so. */
export const MAX_LINE_BYTES = 262_144;

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const NUL = 0;
const NOTHING = Buffer.alloc(0);

export interface Line {
  text: string;
  /** The same for the same line at the same place of the same file, however often it is read and wherever it moved. */
  id: string;
  /** The line is longer than `MAX_LINE_BYTES`; said only where lines are bytes. */
  isCut?: true;
}

/**
 * What the lines are given out as: text, each with an id, or bytes, one character a byte and without an id, for a format
 * that cuts its lines within characters.
 */
export interface LineForm {
  readonly isBytes: boolean;
  /** What each id begins with. */
  readonly idStart: string;
}

export const AS_TEXT: LineForm = { isBytes: false, idStart: '' };
export const AS_BYTES: LineForm = { isBytes: true, idStart: '' };

/** So many lines may be noted before they get their ids. */
export const MOST_NOTED = 256;

/** Gives lines their ids, many at once. */
export interface IdGiver {
  /** Notes the next line, which begins at `offset` in its file, in bytes; its own are those of `bytes` from `from` up to `end`. */
  note(offset: number, bytes: Uint8Array, from: number, end: number): void;
  /** Gives the lines their ids that were noted since the last time: these are `lines` from `first` on. */
  give(lines: readonly Line[], first: number): void;
}

/** Splits the chunks of a file into lines. Keeps the start of a line until its end comes with a later chunk. */
export class LineSplitter {
  readonly #ids: IdGiver;
  readonly #isBytes: boolean;
  #position = 0;
  /** The start of an unfinished line, up to `MAX_LINE_BYTES`. */
  #unfinished: Buffer[] = [];
  /** The length of the unfinished line so far, with what is not kept of it. */
  #unfinishedBytes = 0;

  constructor(ids: IdGiver, { isBytes }: LineForm = AS_TEXT) {
    this.#ids = ids;
    this.#isBytes = isBytes;
  }

  /** Where the first line begins in the file that was not given out yet, in bytes. */
  get position(): number {
    return this.#position;
  }

  /** Forgets the unfinished line: the next chunk begins at `position`. */
  restart(position: number): void {
    this.#position = position;
    this.#unfinished = [];
    this.#unfinishedBytes = 0;
  }

  /** Puts the lines that end in `chunk`, which begins at `chunkAt` in the file, into `lines`. */
  split(chunk: Buffer, chunkAt: number, lines: Line[]): void {
    const first = chunk.indexOf(NEWLINE);
    if (first === -1) {
      this.#keep(chunk);
      return;
    }
    const line = this.#finish(chunk.subarray(0, first));
    if (line !== undefined) lines.push(line);
    const last = chunk.lastIndexOf(NEWLINE);
    this.#position = chunkAt + first + 1;
    const middle = chunk.subarray(first + 1, last + 1);
    // One text for the whole chunk is several times faster than one per line, and right where a byte is a character.
    if (this.#isBytes || (isAscii(middle) && !middle.includes(NUL))) this.#splitText(middle, lines);
    else this.#splitBytes(middle, lines);
    if (last + 1 < chunk.length) this.#keep(chunk.subarray(last + 1));
  }

  /** Gives the unfinished line as it is, because its rest will not come. `end`: up to where the file was read. */
  flush(end: number): Line[] {
    if (this.#unfinishedBytes === 0) return [];
    const line = this.#finish(NOTHING);
    this.#position = end;
    return line === undefined ? [] : [line];
  }

  #splitText(bytes: Buffer, lines: Line[]): void {
    const text = bytes.toString('latin1');
    const base = this.#position;
    let from = 0;
    let first = lines.length;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      const stop = end > from && text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end;
      if (stop > from) {
        lines.push({ text: text.slice(from, stop), id: '' });
        if (!this.#isBytes) this.#ids.note(base + from, bytes, from, stop);
        if (lines.length - first === MOST_NOTED) first = this.#giveIds(lines, first);
      }
      from = end + 1;
    }
    this.#giveIds(lines, first);
    this.#position = base + from;
  }

  #giveIds(lines: readonly Line[], first: number): number {
    if (!this.#isBytes && lines.length > first) this.#ids.give(lines, first);
    return lines.length;
  }

  #splitBytes(bytes: Buffer, lines: Line[]): void {
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, from)) {
      const line = this.#toLine(bytes, from, end, 0);
      if (line !== undefined) lines.push(line);
      this.#position += end + 1 - from;
      from = end + 1;
    }
  }

  #finish(rest: Buffer): Line | undefined {
    this.#keep(rest);
    const [only = NOTHING] = this.#unfinished;
    const kept = this.#unfinished.length > 1 ? Buffer.concat(this.#unfinished) : only;
    const line = this.#toLine(kept, 0, kept.length, this.#unfinishedBytes - kept.length);
    this.#unfinished = [];
    this.#unfinishedBytes = 0;
    return line;
  }

  /** Keeps a piece of the unfinished line. The NUL bytes that a copytruncate leaves before its first byte are skipped. */
  #keep(piece: Buffer): void {
    let start = 0;
    if (this.#unfinishedBytes === 0) {
      while (start < piece.length && piece[start] === NUL) start++;
      this.#position += start;
    }
    if (start === piece.length) return;
    const room = MAX_LINE_BYTES - Math.min(this.#unfinishedBytes, MAX_LINE_BYTES);
    // A copy, because the piece would hold on to its whole chunk.
    if (room > 0) this.#unfinished.push(Buffer.from(piece.subarray(start, start + room)));
    this.#unfinishedBytes += piece.length - start;
  }

  /**
   * The line of the bytes between the two indexes, which begins at the position. Undefined where it is empty. `dropped`: how many
   * bytes are missing at its end.
   */
  #toLine(bytes: Buffer, from: number, to: number, dropped: number): Line | undefined {
    let start = from;
    let end = to;
    while (start < end && bytes[start] === NUL) start++;
    if (this.#isBytes) {
      const text = bytes.toString('latin1', start, end);
      return end <= start ? undefined : { text, id: '', ...(dropped > 0 && { isCut: true as const }) };
    }
    // The byte order mark of an editor, also of one whose file was added to this one.
    if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3;
    if (end > start && dropped === 0 && bytes[end - 1] === CARRIAGE_RETURN) end--;
    if (end <= start) return undefined;
    const text = bytes.toString('utf8', start, end).replaceAll('\0', '\u{fffd}');
    const shown = dropped > 0 ? `${text}… [cut: the line has ${end - start + dropped} bytes]` : text;
    const line = { text: shown, id: '' };
    this.#ids.note(this.#position + start - from, bytes, start, end);
    this.#ids.give([line], 0);
    return line;
  }
}
