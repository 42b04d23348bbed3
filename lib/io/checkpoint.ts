import { performance } from 'node:perf_hooks';
import { createDelayedPosition } from '../delayed-position.ts';
import type { StateFile } from './state-file.ts';

/** How often the position is written, in ms; with what settling takes, it is at most one second behind. */
const WRITE_MS = 100;

export interface Checkpoint<T> {
  /** A position that counts before any line was handed on: where there is none yet, resolves once it is written. */
  begin(position: T): Promise<void>;
  /** Everything up to the position was handed on just now. */
  advance(position: T): void;
  /** Writes what is settled, and ends. */
  close(): Promise<void>;
}

/** Keeps the position that a source reached in its state file. `onFault` hears an error, and undefined when it is over. */
export function createCheckpoint<T>(
  file: StateFile<T>,
  hasSaved: boolean,
  onFault: (error: unknown) => void,
): Checkpoint<T> {
  const settling = createDelayedPosition<T>();
  let written: T | undefined;
  let isBegun = hasSaved;

  const write = async (position: T | undefined): Promise<void> => {
    if (position === undefined || position === written) return;
    written = position;
    try {
      await file.write(position);
      onFault(undefined);
    } catch (error) {
      written = undefined;
      onFault(error);
    }
  };
  const timer = setInterval(() => void write(settling.settled(performance.now())), WRITE_MS);

  return {
    async begin(position) {
      const isFirst = !isBegun;
      isBegun = true;
      if (isFirst) await write(position);
      else settling.advance(position, performance.now());
    },
    advance(position) {
      settling.advance(position, performance.now());
    },
    async close() {
      clearInterval(timer);
      await write(settling.settled(performance.now()));
    },
  };
}
