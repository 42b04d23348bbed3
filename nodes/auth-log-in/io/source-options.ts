import type { StateFile } from '../../../lib/io/state-file.ts';
import type { InfraRecord } from '../../../lib/record.ts';
import type { Arguments, State } from '../../../lib/status.ts';
import type { AuthCheckpoint } from '../checkpoint.ts';
import type { Settings } from '../settings.ts';
import type { FoundCheckpoint } from './source-checkpoint.ts';

export interface SourceOptions {
  settings: Settings;
  /** The name of this host, for the records. */
  host: string;
  /** Where the host's `/` is mounted. */
  hostRoot: string;
  /** What is kept over a restart. */
  state: StateFile<AuthCheckpoint>;
  /** What is in it, where it was read already. */
  found?: FoundCheckpoint;
  /** How long ago lines must have been handed on before they are in the checkpoint, in ms. */
  delayMs(): number;
  onRecords(records: InfraRecord[]): void;
  /** How many records may be handed on in this turn of the event loop; a promise resolves in the turn in which they may. */
  perTurn(): number | Promise<number>;
  /** Hears of a state, under a key of the catalogue. The words of `cause`, where it is given, stand there as `reason`. */
  onStatus(state: State, key: string, args: Arguments, cause?: unknown): void;
  /** Hears once of something to warn of, as `onStatus` does. */
  onWarning(key: string, args: Arguments, cause?: unknown): void;
  /** See `FollowOptions`. */
  holdMs?: number;
  /** How often to look whether somebody still writes the file, or a journal that is not seen, in ms. */
  checkMs?: number;
}

/** What reads a log, from when it is made until it is stopped. */
export interface LogReader {
  /** Nothing is handed on while it is paused. */
  pause(isPaused: boolean): void;
  /** Resolves when nothing more will be called. */
  stop(): Promise<void>;
}
