import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, renameSync, rmSync, type Stats } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { errorCode, MonitoringError } from '../errors.ts';
import { jsonPieces } from '../json-pieces.ts';
import { SerialQueue } from '../serial-queue.ts';
import { copyState, FOLDER_OWNER_ONLY, OWNER_ONLY, replaceFile, VERSION, writeState } from './state-write.ts';

export const STATE_FOLDER = 'infra-monitoring';
/** Older copies of the states, in the folder of the states. */
const COPIES_FOLDER = 'previous';

/** No state is larger by far. */
const MOST_BYTES = 64 * 1024 * 1024;
/** How often the older copy is renewed, in ms. */
const COPY_MS = 60_000;
/** The checkpoint lags behind, and file systems keep times in steps. In ms. */
const MARGIN_MS = 60_000;
/** So many files that could not be used are kept for each name. */
const MOST_SET_ASIDE = 5;
/** The lists of a state lie no deeper than this: each of their elements is made into text by itself. */
const PIECES_DEPTH = 3;

/** The state of an earlier run is not there as it should be. */
export interface LostState {
  /** Says why, and where the file is now. */
  readonly error: MonitoringError;
  /**
   * What happened before (ms since the epoch) was in the state. 0 where that cannot be told. It matters where there was
   * no older copy to go on from.
   */
  readonly sinceMs: number;
}

type Reading<T> = { readonly state: T } | { readonly error: unknown; readonly sinceMs: number } | undefined;

/** What a node must know after a restart, as JSON in `<userDir>/infra-monitoring/`, for its owner only. */
export class StateFile<T extends object> {
  readonly path: string;
  readonly #copyPath: string;
  readonly #parse: (value: unknown, nowMs: number) => T | undefined;
  readonly #queue = new SerialQueue();
  #nextCopyMs = 0;

  /**
   * `name` is that of the file, without its ending. `parse` lets in what it knows, and gives undefined for anything else,
   * also for times that are later than `nowMs`.
   */
  constructor(userDir: string, name: string, parse: (value: unknown, nowMs: number) => T | undefined) {
    this.path = join(userDir, STATE_FOLDER, `${name}.json`);
    this.#copyPath = join(userDir, STATE_FOLDER, COPIES_FOLDER, `${name}.json`);
    this.#parse = parse;
  }

  /** Whether an earlier run left a file, of whatever content. */
  get exists(): boolean {
    return existsSync(this.path);
  }

  /**
   * The state saved last; undefined where there is none. Where it cannot be used or was deleted, `onLost` hears of it, the
   * file is moved aside, and this gives an older copy of the state, if there is a good one. Never throws.
   */
  read(onLost: (lost: LostState) => void = () => undefined): T | undefined {
    this.#restrict();
    const found = this.#readAt(this.path);
    if (found !== undefined && 'state' in found) return found.state;
    const copy = this.#readAt(this.#copyPath);
    if (found === undefined && copy === undefined) return undefined;
    const { path } = this;
    const error = found === undefined ? new MonitoringError('STATE_MISSING', { path }) : setAside(path, found.error);
    const sinceMs = found?.sinceMs ?? (copy !== undefined && 'sinceMs' in copy ? copy.sinceMs : 0);
    onLost({ error, sinceMs });
    return copy !== undefined && 'state' in copy ? copy.state : undefined;
  }

  /** Writes and syncs a temporary file and renames it, one write at a time. Rejects with the file system's error. */
  write(state: T): Promise<void> {
    return this.#queue.run(() => this.#write([JSON.stringify(state)]));
  }

  /** As `write()`, for a state that may be large and does not change any more: others run while its text is made. */
  writeInSlices(state: T): Promise<void> {
    return this.#queue.run(() => this.#write(jsonPieces(state, PIECES_DEPTH)));
  }

  async #write(pieces: Iterable<string>): Promise<void> {
    await replaceFile(this.path, (temporary) => writeState(temporary, pieces));
    const nowMs = performance.now();
    if (nowMs < this.#nextCopyMs) return;
    await replaceFile(this.#copyPath, (temporary) => copyState(this.path, temporary));
    this.#nextCopyMs = nowMs + COPY_MS;
  }

  /** Deletes the file after what is being written, its copy, and what was set aside; no file is as good. */
  remove(): Promise<void> {
    return this.#queue.run(async () => {
      for (const path of [...setAsideFiles(this.path), this.#copyPath, this.path]) await rm(path, { force: true });
    });
  }

  #readAt(path: string): Reading<T> {
    let stats: Stats | undefined;
    try {
      stats = lstatSync(path);
      if (!stats.isFile()) throw new MonitoringError('NOT_REGULAR_FILE', { code: 'EINVAL', path });
      if (stats.size > MOST_BYTES) throw new MonitoringError('UNEXPECTED_TEXT', { path });
      const state = this.#parse(withoutChecksum(readFileSync(path, 'utf8')), Date.now());
      if (state === undefined) throw new MonitoringError('UNEXPECTED_TEXT', { path });
      return { state };
    } catch (error) {
      const isAbsent = ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '');
      return isAbsent ? undefined : { error, sinceMs: sinceMsOf(stats) };
    }
  }

  /** Takes from others what an older version of this package gave them. */
  #restrict(): void {
    const files = [this.path, this.#copyPath];
    for (const path of [...files.map((file) => dirname(file)), ...files]) {
      const mode = files.includes(path) ? OWNER_ONLY : FOLDER_OWNER_ONLY;
      try {
        if ((lstatSync(path).mode & 0o077) !== 0) chmodSync(path, mode);
      } catch {
        // It is not there, or somebody else's.
      }
    }
  }
}

/** When the file was certainly good: a cut or an edit in place is later than its birth. */
function sinceMsOf(stats: Stats | undefined): number {
  if (stats === undefined) return 0;
  const bornMs = stats.birthtimeMs > 0 ? stats.birthtimeMs : stats.mtimeMs;
  const sinceMs = Math.floor(Math.min(stats.mtimeMs, bornMs)) - MARGIN_MS;
  return sinceMs > 0 && sinceMs <= Date.now() ? sinceMs : 0;
}

/** The state in the text of a file. Throws where it is no JSON object, of another version, or not what was written. */
function withoutChecksum(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || !('version' in value)) return value;
  const { version, checksum, ...state } = value as { version: unknown; checksum?: unknown };
  if (version !== VERSION)
    throw new MonitoringError('STATE_VERSION', { version: JSON.stringify(version).slice(0, 20) });
  const isSame = checksum === undefined || checksum === crc32(JSON.stringify(state));
  if (!isSame) throw new MonitoringError('STATE_CHECKSUM');
  return state;
}

/** Moves a file that cannot be used out of the way. Gives the error to tell people. */
function setAside(path: string, cause: unknown): MonitoringError {
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const aside = `${path.slice(0, -'.json'.length)}.unreadable-${time}.json`;
  try {
    const others = setAsideFiles(path).sort();
    for (const old of others.slice(0, Math.max(0, others.length - MOST_SET_ASIDE + 1)))
      rmSync(old, { recursive: true });
    renameSync(path, aside);
    return new MonitoringError('STATE_SET_ASIDE', { path, aside }, { cause });
  } catch {
    return new MonitoringError('STATE_UNUSABLE', { path }, { cause });
  }
}

function setAsideFiles(path: string): string[] {
  const prefix = `${basename(path, '.json')}.unreadable-`;
  try {
    const names = readdirSync(dirname(path)).filter((name) => name.startsWith(prefix));
    return names.map((name) => join(dirname(path), name));
  } catch {
    return [];
  }
}
