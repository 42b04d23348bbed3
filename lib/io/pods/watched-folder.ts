import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { errorCode } from '../../errors.ts';

export interface WatchedFolderOptions {
  readonly path: string;
  /** The names that are in it now: at first, and after each change of one of them. */
  listed(names: readonly string[]): void;
  /** A file of this name grew, or was changed otherwise. */
  changed?(name: string): void;
  /** It cannot be read, or is gone. */
  failed(error: unknown): void;
  /** The system does not tell of changes here (no inotify left, a network mount): only looking again helps. */
  untold(): void;
}

/** One folder whose names are known as they change. Ends with `close`. */
export class WatchedFolder {
  readonly #options: WatchedFolderOptions;
  #watcher: FSWatcher | undefined;
  #isListing = false;
  #isStale = false;
  #isClosed = false;

  constructor(options: WatchedFolderOptions) {
    this.#options = options;
    this.#watch();
    void this.list();
  }

  /** Reads the names anew; a call while that is under way makes it read them once more. Never rejects. */
  async list(): Promise<void> {
    this.#isStale = true;
    if (this.#isListing) return;
    this.#isListing = true;
    while (this.#isStale && !this.#isClosed) {
      this.#isStale = false;
      try {
        const names = await readdir(this.#options.path);
        if (this.#isClosed) return;
        // It is another folder now: what was there before was watched.
        if (this.#watcher === undefined) this.#watch();
        this.#options.listed(names);
      } catch (error) {
        this.#watcher?.close();
        this.#watcher = undefined;
        if (!this.#isClosed) this.#options.failed(error);
      }
    }
    this.#isListing = false;
  }

  close(): void {
    this.#isClosed = true;
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  #watch(): void {
    const { path, changed, untold } = this.#options;
    try {
      this.#watcher = watch(path, { persistent: false }, (kind, name) => {
        if (this.#isClosed) return;
        if (kind === 'rename' || name === null) void this.list();
        if (name !== null) changed?.(name);
      });
      this.#watcher.on('error', () => {
        this.#watcher?.close();
        this.#watcher = undefined;
        void this.list();
      });
    } catch (error) {
      this.#watcher = undefined;
      // What is gone, or not there yet, is watched once it is there.
      if (errorCode(error) !== 'ENOENT') untold();
    }
  }
}
