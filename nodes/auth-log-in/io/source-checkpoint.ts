import { performance } from 'node:perf_hooks';
import { DelayedPosition } from '../../../lib/delayed-position.ts';
import { Checkpoint } from '../../../lib/io/checkpoint.ts';
import type { LostState, StateFile } from '../../../lib/io/state-file.ts';
import type { AuthCheckpoint } from '../checkpoint.ts';
import type { SourceOptions } from './source-options.ts';

/** How often the position is written, in ms. With the delay of a position the file is at most one second behind. */
const WRITE_MS = 100;

export interface SourceCheckpointOptions<T extends object> {
  readonly file: StateFile<T>;
  /** The position that the file holds already. */
  readonly saved: T | undefined;
  delayMs(): number;
  /** Hears why none could be written. */
  onFault(error: unknown): void;
}

/** Keeps the position that a source reached in its state file. Lags behind by what a redeploy can lose between nodes. */
export class SourceCheckpoint<T extends object> {
  readonly #position: DelayedPosition<T>;
  readonly #checkpoint: Checkpoint<T>;
  readonly #delayMs: () => number;
  #takenMs = Number.NEGATIVE_INFINITY;
  /** Gives what was reached last, where that was not taken yet. */
  #open: (() => T) | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** In the file before any position of this run was safe. */
  #saved: T | undefined;

  constructor({ file, saved, delayMs, onFault }: SourceCheckpointOptions<T>) {
    this.#saved = saved;
    this.#delayMs = delayMs;
    this.#position = new DelayedPosition(delayMs);
    const snapshot = (): T | undefined => this.#position.safe(performance.now());
    const isSettled = (): boolean => !this.#position.isWaiting;
    this.#checkpoint = new Checkpoint({ file, snapshot, everyMs: WRITE_MS, isSettled, onFault });
  }

  /** Takes a position that counts before any line was handed on. Where none was saved, resolves once it is written. */
  async begin(position: T): Promise<void> {
    const isFirst = this.#saved === undefined;
    this.#saved ??= position;
    if (isFirst) await this.#checkpoint.write(position);
    else this.#take(position);
  }

  /** More is being handed on: what was reached last can be told no longer. */
  moves(): void {
    this.#open = undefined;
  }

  /**
   * Everything up to a position was handed on just now. `tell` gives it, now or before `moves` is called; a busy source is
   * asked ten times in the delay, because to put together what it remembers takes time.
   */
  reached(tell: () => T): void {
    const nextMs = this.#takenMs + this.#delayMs() / 10 - performance.now();
    if (nextMs <= 0) {
      this.#take(tell());
      return;
    }
    this.#open = tell;
    this.#timer ??= setTimeout(() => this.#takeOpen(), nextMs);
  }

  #takeOpen(): void {
    this.#timer = undefined;
    if (this.#open !== undefined) this.#take(this.#open());
  }

  #take(position: T): void {
    const nowMs = performance.now();
    this.#open = undefined;
    this.#takenMs = nowMs;
    this.#position.reached(position, nowMs);
    this.#checkpoint.arm();
  }

  /** Writes what is safe, with what `complete` adds, and ends. */
  close(complete: (safe: T) => T = (safe) => safe): Promise<void> {
    this.#open = undefined;
    clearTimeout(this.#timer);
    const safe = this.#position.safe(performance.now()) ?? this.#saved;
    return this.#checkpoint.close(safe === undefined ? undefined : complete(safe));
  }
}

export interface OpenedCheckpoint {
  /** What an earlier run saved. */
  readonly saved: AuthCheckpoint | undefined;
  /** Where nothing is saved though an earlier run did: what was logged before (ms since the epoch) was in it. */
  readonly lostSinceMs: number | undefined;
  readonly checkpoint: SourceCheckpoint<AuthCheckpoint>;
}

/** What a state file said when it was read. It says only once that it is spoilt. */
export interface FoundCheckpoint {
  readonly saved: AuthCheckpoint | undefined;
  readonly lost?: LostState | undefined;
  /** Where another log was read before: up to then (ms since the epoch). */
  readonly sinceMs?: number | undefined;
}

/** Reads the checkpoint that an earlier run left. */
export function findCheckpoint(state: StateFile<AuthCheckpoint>): FoundCheckpoint {
  let lost: LostState | undefined;
  const saved = state.read((told) => {
    lost = told;
  });
  return { saved, lost };
}

/** Opens the checkpoint of a node that reads `log`. */
export function openCheckpoint(
  { state, delayMs, onWarning, found = findCheckpoint(state) }: CheckpointSource,
  log: string,
): OpenedCheckpoint {
  const { saved, lost, sinceMs } = found;
  if (lost !== undefined) onWarning('warning.state', { log }, lost.error);
  const onFault = (error: unknown): void => onWarning('warning.checkpoint', { file: state.path }, error);
  const checkpoint = new SourceCheckpoint({ file: state, saved, delayMs, onFault });
  return { saved, lostSinceMs: saved === undefined ? (lost?.sinceMs ?? sinceMs) : undefined, checkpoint };
}

type CheckpointSource = Pick<SourceOptions, 'state' | 'delayMs' | 'onWarning' | 'found'>;
