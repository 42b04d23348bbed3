import { readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a node must know after a restart, as JSON in `<userDir>/infra-monitoring/`. */
export interface StateFile<T> {
  readonly path: string;
  /** The state saved last, or undefined where there is none or it cannot be read as JSON. */
  read(): T | undefined;
  /** Writes a temporary file and renames it, one write at a time. Rejects with the file system's error. */
  write(state: T): Promise<void>;
  /** Deletes the file after what is being written; no file is as good. */
  remove(): Promise<void>;
}

export const STATE_FOLDER = 'infra-monitoring';

export function openStateFile<T>(userDir: string, name: string): StateFile<T> {
  const path = join(userDir, STATE_FOLDER, `${name}.json`);
  let last: Promise<unknown> = Promise.resolve();

  const save = async (state: T): Promise<void> => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.tmp`, JSON.stringify(state));
    await rename(`${path}.tmp`, path);
  };
  return {
    path,
    read() {
      try {
        return JSON.parse(readFileSync(path, 'utf8')) as T;
      } catch {
        return undefined;
      }
    },
    write(state) {
      const result = last.then(() => save(state));
      last = result.catch(() => undefined);
      return result;
    },
    remove() {
      const result = last.then(() => rm(path, { force: true }));
      last = result.catch(() => undefined);
      return result;
    },
  };
}
