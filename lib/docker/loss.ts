import { brief } from '../brief.ts';
import { errorCode } from '../errors.ts';
import type { Arguments, State, Translate } from '../status.ts';

/** The status of a node whose engine cannot be reached, with its arguments. `reason`: why, for people. */
export function lossStatus(
  error: unknown,
  { place, reason, translate }: { place: string; reason: string; translate: Translate },
): [key: string, args: Arguments] {
  const args = { place, reason, why: brief(error, translate) };
  const code = errorCode(error);
  if (code === 'ENOENT') return ['status.noSocket', args];
  return [code === 'EACCES' || code === 'EPERM' ? 'status.denied' : 'status.lost', args];
}

/**
 * What it means to a host that its engine cannot be reached. One that never had an engine, or where this user never had the
 * right to its socket, has no fault: nobody is woken for that. An engine that was there and went away is one.
 */
export function lossState(error: unknown, hadEngine: boolean): State {
  if (hadEngine) return 'fault';
  const code = errorCode(error);
  if (code === 'ENOENT') return 'idle';
  return code === 'EACCES' || code === 'EPERM' ? 'warning' : 'fault';
}
