import type { Line, LineForm } from '../../file/line-splitter.ts';
import type { Position } from '../../file/position.ts';
import type { Start } from '../../file/start.ts';

export type FollowState = { state: 'following' | 'missing' } | { state: 'unreadable'; error: unknown };

/** Says when files are to be looked at again. */
export interface WakeUps {
  /** The file at `path` is followed from now on; called often. */
  watch(path: string): void;
  unwatch(): void;
  /** While it is muted, growth ends no wait. */
  mute(isMuted: boolean): void;
  /** Ends the wait, or the next one. */
  wake(): void;
  /**
   * Resolves at the next look. `hasGrown`: the last look found something; `isSettled`: only the file at the path is read, and
   * it is there.
   */
  wait(hasGrown: boolean, isSettled: boolean): Promise<void>;
}

export interface FollowOptions {
  path: string;
  /** Folders into which rotation moves files. */
  archives?: readonly string[];
  start: Start;
  /** Where an earlier run left off. */
  saved: Position | undefined;
  /** Where that was lost: what was logged before (ms since the epoch) was in it. */
  lostSinceMs?: number | undefined;
  /**
   * Takes finished lines in order, with the last change of their file (ms since the epoch) and the position after them.
   * Nothing more is read until it resolves.
   */
  onLines(lines: Line[], modifiedMs: number, position: Position): Promise<void>;
  /** Takes a position that changed without a line. The first one is kept when this resolves. */
  onPosition(position: Position): Promise<void>;
  onState(state: FollowState): void;
  /** The file that was read last is nowhere to be found: what it got since is lost. */
  onLost(): void;
  /** A rotated file, by its name, cannot be unpacked. Heard once of each. */
  onPackedFault?(name: string, error: unknown): void;
  /** How long a rotated file is held open after its last growth, in ms: its writer may not have moved on yet. */
  holdMs?: number;
  /** How often to look where nothing tells of a change, in ms. */
  pollMs?: number;
  /** What lines are given out as; text where it is left open. */
  form?: LineForm;
  /** Says when to look again, in place of a watch of this one file; `signal` ends it. */
  wakeUp?(signal: AbortSignal): WakeUps;
}
