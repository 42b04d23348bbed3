import { appendFileSync, chmodSync, readFileSync, statSync } from 'node:fs';
import { appendFile, mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { errorCode, MonitoringError } from '../../../lib/errors.ts';
import { decodeLine, encodeLine, type HistoryLine } from '../history/lines.ts';
import { putAside } from './series-file.ts';

/** So much is read: more was never written. */
const MOST_BYTES = 32_000_000;
/** When it has grown to this, what is no longer needed is left out. */
const COMPACT_BYTES = 3_000_000;
/** In a minute no more than this is written of records that matter. */
const MINUTE_BYTES = 16_000;

/** While the disk takes nothing, so many of the newest lines wait. */
const MOST_WAITING = 1_500;

export interface ReadHistory {
  readonly lines: readonly HistoryLine[];
  /** Why what was kept cannot be used. */
  readonly fault: unknown;
}

/** What survives beside the series, a line for each: it is only appended to, and written anew once it has become long. */
export class HistoryFile {
  readonly #path: string;
  #size = 0;
  #waiting: HistoryLine[] = [];
  /** Whether the last write may have left a part of a line. */
  #isTorn = false;
  /** Bytes written since the start. */
  #written = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** What earlier runs kept. Lines that are torn are left out; a file that is none is put aside. Never throws. */
  read(): ReadHistory {
    try {
      this.#size = statSync(this.#path).size;
      // One that was left over keeps its mode.
      chmodSync(this.#path, 0o600);
      if (this.#size > MOST_BYTES) throw new MonitoringError('UNEXPECTED_TEXT', { path: this.#path });
      const texts = readFileSync(this.#path, 'utf8')
        .split('\n')
        .filter((text) => text !== '');
      const lines = texts.map((text) => decodeLine(text, crc32)).filter((line) => line !== undefined);
      if (texts.length > 0 && lines.length === 0) throw new MonitoringError('UNEXPECTED_TEXT', { path: this.#path });
      return { lines, fault: undefined };
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return { lines: [], fault: undefined };
      this.#size = 0;
      return { lines: [], fault: putAside(this.#path, error) };
    }
  }

  /** Keeps a line with the next write. */
  add(line: HistoryLine): void {
    this.#waiting.push(line);
  }

  /** Writes what waits; `all` gives all that is to be kept, for the case that the file has become long. Rejects with its error. */
  async write(all: () => readonly HistoryLine[]): Promise<void> {
    const lines = this.#waiting;
    if (lines.length === 0) return;
    this.#waiting = [];
    try {
      if (this.#size > COMPACT_BYTES) return await this.#compact(all());
      const text = this.#textOf(lines);
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      await appendFile(this.#path, text, { mode: 0o600 });
      this.#isTorn = false;
      this.#count(Buffer.byteLength(text));
    } catch (error) {
      this.#isTorn = true;
      this.#waiting = [...lines, ...this.#waiting].slice(-MOST_WAITING);
      throw error;
    }
  }

  /** Writes what waits, at the end of the process. Throws the file system's error. */
  writeAtEnd(): void {
    if (this.#waiting.length > 0) appendFileSync(this.#path, this.#textOf(this.#waiting), { mode: 0o600 });
    this.#waiting = [];
  }

  #textOf(lines: readonly HistoryLine[]): string {
    const text = bounded(lines.map((line) => [line, encodeLine(line, crc32)] as const));
    // A line that a power failure or a full disk cut must not take the next one with it.
    return !this.#isTorn && (this.#size === 0 || this.#written > 0) ? text : `\n${text}`;
  }

  async #compact(lines: readonly HistoryLine[]): Promise<void> {
    const text = lines.map((line) => encodeLine(line, crc32)).join('');
    const handle = await open(`${this.#path}.tmp`, 'w', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${this.#path}.tmp`, this.#path);
    this.#size = 0;
    this.#count(Buffer.byteLength(text));
  }

  #count(bytes: number): void {
    this.#size += bytes;
    this.#written += bytes;
  }
}

/** All transitions, and of the records the last ones for which there is room. */
function bounded(lines: readonly (readonly [HistoryLine, string])[]): string {
  let room = MINUTE_BYTES;
  const fitting = lines.toReversed().filter(([line, text]) => {
    if ('alert' in line) return true;
    room -= text.length;
    return room >= 0;
  });
  return fitting
    .reverse()
    .map(([, text]) => text)
    .join('');
}
