import type { Arguments, State } from '../../lib/status.ts';

export interface Following {
  /** How many containers' logs are followed. */
  readonly count: number;
  readonly place: string;
  /** The servers for whose buffers reading pauses. */
  readonly pausedFor: string | undefined;
  /** The folder that is asked for and that no container has. */
  readonly emptyFolder: string | undefined;
}

/** What stands under a node that is connected, as the arguments of `StatusReporter.report()`. */
export function followingStatus({ count, place, pausedFor, emptyFolder }: Following): [State, string, Arguments] {
  if (pausedFor !== undefined) return ['warning', 'status.paused', { servers: pausedFor }];
  if (emptyFolder !== undefined) return ['warning', 'status.emptyFolder', { folder: emptyFolder }];
  return ['ok', 'status.following', { count, place }];
}
