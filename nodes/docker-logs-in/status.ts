import type { Arguments, State } from '../../lib/status.ts';

export interface Following {
  /** How many containers' logs are followed. */
  readonly count: number;
  readonly place: string;
  /** Whether the nodes behind it cannot keep up. */
  readonly isSlowed: boolean;
  /** The servers for whose buffers reading pauses. */
  readonly pausedFor: string | undefined;
  /** The folder that is asked for and that no container has. */
  readonly emptyFolder: string | undefined;
  /** They are those of a Kubernetes node's pods. */
  readonly isPods?: boolean;
}

/** What stands under a node that is connected, as the arguments of `StatusReporter.report()`. */
export function followingStatus({
  count,
  place,
  isSlowed,
  pausedFor,
  emptyFolder,
  isPods,
}: Following): [State, string, Arguments] {
  if (pausedFor !== undefined) return ['warning', 'status.paused', { servers: pausedFor }];
  if (isSlowed) return ['warning', 'status.slowed', { count }];
  // The project may not be up yet: that is no fault of the node's.
  if (emptyFolder !== undefined) return ['ok', 'status.emptyFolder', { folder: emptyFolder }];
  if (isPods) return ['ok', 'status.followingPods', { count, place }];
  const key = count === 0 ? 'followingNone' : count === 1 ? 'followingOne' : 'following';
  return ['ok', `status.${key}`, { count, place }];
}
