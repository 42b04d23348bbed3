import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../../errors.ts';
import { AS_TEXT, type LineForm } from '../../file/line-splitter.ts';
import { isRotationOf } from '../../file/rotation-name.ts';

/** A folder that can have rotated files of the log, and the name that theirs are made of. */
interface Place {
  readonly folder: string;
  readonly base: string;
  /** The log itself is in it, under that name. */
  readonly hasLog: boolean;
}

export interface LogPlacesOptions {
  /** Folders into which rotation moves files. */
  readonly archives?: readonly string[];
  /** Files that the path led to before, over a link. */
  readonly earlier?: readonly string[];
  /** What its lines are given out as; text where it is left open. */
  readonly form?: LineForm;
}

/** Where a log is, and where rotated parts of it can be: beside it, beside what its link leads to, and in archives. */
export class LogPlaces {
  readonly path: string;
  readonly #archives: readonly string[];
  readonly #earlier: readonly string[];
  readonly form: LineForm;

  constructor(path: string, { archives = [], earlier = [], form = AS_TEXT }: LogPlacesOptions = {}) {
    this.path = path;
    this.form = form;
    this.#archives = archives;
    this.#earlier = earlier;
  }

  /** The same places, and those of files that the path led to before. */
  withEarlier(earlier: readonly string[]): LogPlaces {
    return new LogPlaces(this.path, { archives: this.#archives, earlier: [...new Set(earlier)], form: this.form });
  }

  /** The paths of all files whose names say that they are rotated parts of the log. Rejects where a descriptor is missing. */
  async rotatedPaths(): Promise<string[]> {
    const found = new Set<string>();
    for (const { folder, base, hasLog } of await this.#list()) {
      const names = await namesIn(folder);
      for (const name of names) {
        if (isRotationOf(name, base) && !(hasLog && name === base)) found.add(join(folder, name));
      }
    }
    // What a link led to before is a rotated part of the log, whatever its name.
    const real = await this.#realPath();
    for (const path of this.#earlier) if (path !== real) found.add(path);
    return [...found];
  }

  /** The paths of all other files in the same folders. */
  async otherPaths(): Promise<string[]> {
    const rotated = new Set(await this.rotatedPaths());
    const found = new Set<string>();
    for (const { folder, base, hasLog } of await this.#list()) {
      const names = await namesIn(folder);
      for (const name of names) if (!(hasLog && name === base)) found.add(join(folder, name));
    }
    return [...found].filter((path) => !rotated.has(path));
  }

  /** When each folder was last changed, in nanoseconds since the epoch. Rejects where the log's own cannot be asked. */
  async changes(): Promise<bigint[]> {
    const [first, ...others] = new Set((await this.#list()).map(({ folder }) => folder));
    const own = first === undefined ? [] : [stat(first, { bigint: true })];
    const rest = others.map((folder) => stat(folder, { bigint: true }).catch(() => undefined));
    return (await Promise.all([...own, ...rest])).flatMap((found) => (found === undefined ? [] : [found.mtimeNs]));
  }

  async #list(): Promise<Place[]> {
    const logs = [...new Set([this.path, await this.#realPath()])];
    const places = logs.map((path) => placeOf(path, true));
    for (const path of this.#earlier) if (!logs.includes(path)) places.push(placeOf(path, false));
    for (const archive of this.#archives) {
      for (const path of logs) places.push({ folder: archive, base: basename(path), hasLog: false });
    }
    return places;
  }

  async #realPath(): Promise<string> {
    const real = await realpath(this.path).catch(() => this.path);
    // Where only a folder above it is a link, the files are the same.
    const isSame = real === this.path || (await isSameFolder(dirname(real), dirname(this.path)));
    return isSame && basename(real) === basename(this.path) ? this.path : real;
  }
}

function placeOf(path: string, hasLog: boolean): Place {
  return { folder: dirname(path), base: basename(path), hasLog };
}

async function isSameFolder(a: string, b: string): Promise<boolean> {
  const [mine, other] = await Promise.all([realpath(a), realpath(b)].map((one) => one.catch(() => undefined)));
  return mine !== undefined && mine === other;
}

/** Whether only a descriptor is missing: what the files have would be left out without a word. */
export function isShortage(error: unknown): boolean {
  return ['EMFILE', 'ENFILE'].includes(errorCode(error) ?? '');
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error) => {
    if (isShortage(error)) throw error;
    return [];
  });
}
