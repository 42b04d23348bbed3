import { readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SerialQueue } from '../serial-queue.ts';

export const STATE_FOLDER = 'infra-monitoring';

/** What a node must know after a restart, as JSON in `<userDir>/infra-monitoring/`. */
export class StateFile<T> {
  readonly path: string;
  readonly #parse: (value: unknown) => T | undefined;
  readonly #queue = new SerialQueue();

  /** `name` is that of the file, without its ending. `parse` lets in what it knows, and gives undefined for anything else. */
  constructor(userDir: string, name: string, parse: (value: unknown) => T | undefined) {
    this.path = join(userDir, STATE_FOLDER, `${name}.json`);
    this.#parse = parse;
  }

  /** The state saved last, or undefined where there is none, or none that can be used. */
  read(): T | undefined {
    try {
      return this.#parse(JSON.parse(readFileSync(this.path, 'utf8')));
    } catch {
      return undefined;
    }
  }

  /** Writes a temporary file and renames it, one write at a time. Rejects with the file system's error. */
  write(state: T): Promise<void> {
    return this.#queue.run(async () => {
      await mkdir(dirname(this.path), { recursive: true });
      await writeFile(`${this.path}.tmp`, JSON.stringify(state));
      await rename(`${this.path}.tmp`, this.path);
    });
  }

  /** Deletes the file after what is being written; no file is as good. */
  remove(): Promise<void> {
    return this.#queue.run(() => rm(this.path, { force: true }));
  }
}
