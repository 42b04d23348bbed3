import type { Line, Position } from '../../file/identity.ts';
import type { Start } from '../../settings.ts';

export type FollowState = { state: 'following' | 'missing' } | { state: 'unreadable'; error: unknown };

export interface FollowOptions {
  path: string;
  start: Start;
  /** Where an earlier run left off. */
  saved: Position | undefined;
  /**
   * Finished lines in order, with the last change of their file (ms since the epoch) and the position after them.
   * Nothing more is read until what it returns resolves.
   */
  onLines(lines: Line[], modifiedMs: number, position: Position): Promise<void>;
  /** The first position, which is kept when this resolves, and one that changed without a line. */
  onPosition(position: Position): Promise<void>;
  onState(state: FollowState): void;
  /** The file that was read last is nowhere to be found: what it got since is lost. */
  onLost(): void;
  /** How long a rotated file is held open after its last growth, in ms: its writer may not have moved on yet. */
  holdMs?: number;
  /** How often to look where nothing tells of a change, in ms. */
  pollMs?: number;
}

export interface Follower {
  pause(paused: boolean): void;
  /** Ends it. Resolves when nothing more will be called and every file is closed. */
  stop(): Promise<void>;
}
