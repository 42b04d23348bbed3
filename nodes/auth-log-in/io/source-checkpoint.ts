import { performance } from 'node:perf_hooks';
import { DelayedPosition } from '../../../lib/delayed-position.ts';
import { Checkpoint } from '../../../lib/io/checkpoint.ts';
import type { StateFile } from '../../../lib/io/state-file.ts';

/** How often the position is written, in ms; with its delay it is at most one second behind. */
const WRITE_MS = 100;

/** Keeps the position that a source reached, as far behind as a redeploy may lose what was handed on. */
export class SourceCheckpoint<T> {
  readonly #position = new DelayedPosition<T>();
  readonly #checkpoint: Checkpoint<T>;
  #isBegun: boolean;

  /** `hasSaved` says that the file holds a position already. `onFault` hears why none could be written. */
  constructor(file: StateFile<T>, hasSaved: boolean, onFault: (error: unknown) => void) {
    this.#isBegun = hasSaved;
    const snapshot = (): T | undefined => this.#position.safe(performance.now());
    this.#checkpoint = new Checkpoint({ file, snapshot, everyMs: WRITE_MS, onFault });
  }

  /** A position that counts before any line was handed on: where there is none yet, resolves once it is written. */
  async begin(position: T): Promise<void> {
    const isFirst = !this.#isBegun;
    this.#isBegun = true;
    if (isFirst) await this.#checkpoint.write(position);
    else this.reached(position);
  }

  /** Everything up to the position was handed on just now. */
  reached(position: T): void {
    this.#position.reached(position, performance.now());
  }

  /** Writes what is safe, and ends. */
  close(): Promise<void> {
    return this.#checkpoint.close();
  }
}
