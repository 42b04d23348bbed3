import type { MonitoringError } from '../../../lib/errors.ts';
import type { LostState, StateFile } from '../../../lib/io/state-file.ts';

export interface KeeperOptions<T extends object> {
  readonly file: Pick<StateFile<T>, 'read' | 'write'>;
  readonly onLost: (error: MonitoringError) => void;
  /** Called once for each time that the disk takes nothing any more. */
  readonly onFault: (error: unknown) => void;
}

/** Writes a state that changes often: what comes while a write runs is in one that follows. */
export class Keeper<T extends object> {
  readonly #options: KeeperOptions<T>;
  #writing: Promise<unknown> = Promise.resolve();
  #next: Promise<boolean> | undefined;
  #fault: unknown;

  constructor(options: KeeperOptions<T>) {
    this.#options = options;
  }

  /** Why the last write failed; undefined where it did not. */
  get fault(): unknown {
    return this.#fault;
  }

  read(): T | undefined {
    return this.#options.file.read(({ error }: LostState) => this.#options.onLost(error));
  }

  /** Resolves once what `state` gives now, or something later, is on disk; to false where the disk takes nothing. */
  write(state: () => T): Promise<boolean> {
    if (this.#next !== undefined) return this.#next;
    const next = this.#writing.then(() => {
      this.#next = undefined;
      return this.#write(state());
    });
    this.#next = next;
    this.#writing = next;
    return next;
  }

  async #write(state: T): Promise<boolean> {
    try {
      await this.#options.file.write(state);
      this.#fault = undefined;
      return true;
    } catch (error) {
      const isNew = this.#fault === undefined;
      this.#fault = error;
      if (isNew) this.#options.onFault(error);
      return false;
    }
  }
}
