import type { FileHandle } from 'node:fs/promises';
import { hashIn, LAST_LINES, LineIds } from '../../file/line-ids.ts';
import { type IdGiver, type Line, type LineForm, LineSplitter } from '../../file/line-splitter.ts';
import { readAt } from './read-at.ts';

/** To go on in a file so many bytes before are read first, and up to so many where they are all of one time. */
const COUNTED_BYTES = 65_536;
const COUNTED_AT_MOST = 32 * 1024 ** 2;
const NEWLINE = 10;
const NOTHING = Buffer.alloc(0);

/** The ids of the lines of one file: the same ones wherever in it reading began. */
export class ContinuedIds {
  readonly giver: IdGiver = {
    note: (offset, bytes, from, end) => {
      this.#ids ??= idsOf(this.#head(), this.#form.idStart);
      this.#ids.note(offset, bytes, from, end);
    },
    give: (lines, first) => this.#ids?.give(lines, first),
  };
  readonly #form: LineForm;
  readonly #head: () => Buffer;
  #ids: LineIds | undefined;
  /** Of the last lines that were given out. */
  #lastIds: string[] = [];

  /** `head` gives the first bytes of the file, as far as they were read. */
  constructor(form: LineForm, head: () => Buffer) {
    this.#form = form;
    this.#head = head;
  }

  /** What the ids of the last lines were made of, for the checkpoint. */
  get lastHashes(): string[] {
    return this.#lastIds.map((id) => hashIn(id, this.#form.idStart));
  }

  /** Takes note of the lines that were given out. */
  remember(lines: readonly Line[]): void {
    if (lines.length === 0 || this.#form.isBytes) return;
    const last = lines.slice(-LAST_LINES).map(({ id }) => id);
    this.#lastIds = [...this.#lastIds, ...last].slice(-LAST_LINES);
  }

  /** Counts the lines before `position` that have the time of the line there, for the ids of those after it. */
  async countBefore(handle: FileHandle, position: number): Promise<void> {
    this.#ids = undefined;
    this.#lastIds = [];
    if (this.#form.isBytes) return;
    for (let bytes = COUNTED_BYTES; position > 0; bytes *= 8) {
      const from = Math.max(0, position - bytes);
      const read = await readAt(handle, from, position - from);
      const start = from === 0 ? 0 : read.indexOf(NEWLINE) + 1;
      this.#ids = undefined;
      const before = new LineSplitter(this.giver);
      before.restart(from + start);
      const lines: Line[] = [];
      before.split(read.subarray(start), from + start, lines);
      this.#lastIds = [];
      this.remember(lines);
      if (from === 0 || bytes >= COUNTED_AT_MOST || (this.#ids as LineIds | undefined)?.hasSeveralTimes === true)
        return;
    }
  }
}

/** Of a file that begins with `head`: its first line, as far as that goes, stands for it. */
function idsOf(head: Buffer, start: string): LineIds {
  let ids: LineIds | undefined;
  const note: IdGiver['note'] = (_, bytes, from, end) => {
    ids ??= new LineIds(bytes.subarray(from, end), start);
  };
  const splitter = new LineSplitter({ note, give: () => undefined });
  splitter.split(head, 0, []);
  splitter.flush(head.length);
  return ids ?? new LineIds(NOTHING, start);
}
