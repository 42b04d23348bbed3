import { shortCount } from '../../lib/short-count.ts';
import type { Arguments, State } from '../../lib/status.ts';

export interface Present {
  readonly port: number;
  readonly at: string;
  /** Records in the last second, and in all. */
  readonly perSecond: number;
  readonly received: number;
  /** Records that were lost in the last minute. */
  readonly lost: number;
  readonly connections: number;
  readonly mostConnections: number;
  /** The servers that have no room, for people; undefined where all have. */
  readonly fullFor: string | undefined;
  /** Senders are read although there is no room. */
  readonly isOverdue: boolean;
  readonly isSlowed: boolean;
}

/** What stands under a node whose ports are open. */
export function receivingStatus(present: Present): [State, string, Arguments] {
  const { port, at, perSecond, received, lost, connections, mostConnections, fullFor, isOverdue } = present;
  const args = { port, at, count: shortCount(received), rate: shortCount(perSecond) };
  if (fullFor !== undefined) {
    return isOverdue
      ? ['bad', 'status.full', { ...args, servers: fullFor }]
      : ['warning', 'status.paused', { ...args, servers: fullFor }];
  }
  if (lost > 0) return ['warning', 'status.lost', { ...args, lost: shortCount(lost) }];
  if (connections >= mostConnections) return ['warning', 'status.connections', { ...args, connections }];
  if (present.isSlowed) return ['warning', 'status.slowed', args];
  return received === 0 ? ['ok', 'status.listening', args] : ['ok', 'status.received', args];
}
