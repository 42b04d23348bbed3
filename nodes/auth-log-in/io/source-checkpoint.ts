import { performance } from 'node:perf_hooks';
import { DelayedPosition } from '../../../lib/delayed-position.ts';
import { Checkpoint } from '../../../lib/io/checkpoint.ts';
import { StateFile } from '../../../lib/io/state-file.ts';
import { type AuthCheckpoint, parseCheckpoint } from '../checkpoint.ts';
import type { SourceOptions } from './source-options.ts';

/** How often the position is written, in ms. With the delay of a position the file is at most one second behind. */
const WRITE_MS = 100;

/** Keeps the position that a source reached in its state file. Lags behind by what a redeploy can lose between nodes. */
export class SourceCheckpoint<T> {
  readonly #position = new DelayedPosition<T>();
  readonly #checkpoint: Checkpoint<T>;
  #hasPosition: boolean;

  /** `hasSaved` says that the file holds a position already. `onFault` hears why none could be written. */
  constructor(file: StateFile<T>, hasSaved: boolean, onFault: (error: unknown) => void) {
    this.#hasPosition = hasSaved;
    const snapshot = (): T | undefined => this.#position.safe(performance.now());
    this.#checkpoint = new Checkpoint({ file, snapshot, everyMs: WRITE_MS, onFault });
  }

  /** Takes a position that counts before any line was handed on. Where none was saved, resolves once it is written. */
  async begin(position: T): Promise<void> {
    const isFirst = !this.#hasPosition;
    this.#hasPosition = true;
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

/** The checkpoint of a node, and what an earlier run saved in it. */
export function openCheckpoint(options: Pick<SourceOptions, 'userDir' | 'name' | 'onWarning'>): {
  saved: AuthCheckpoint | undefined;
  checkpoint: SourceCheckpoint<AuthCheckpoint>;
} {
  const file = new StateFile(options.userDir, options.name, parseCheckpoint);
  const saved = file.read();
  const onFault = (error: unknown): void => options.onWarning('warning.checkpoint', { file: file.path }, error);
  return { saved, checkpoint: new SourceCheckpoint(file, saved !== undefined, onFault) };
}
