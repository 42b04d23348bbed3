import { brief } from '../brief.ts';
import { errorCode } from '../errors.ts';
import type { Arguments, State, Translate } from '../status.ts';

/** The status of a node that cannot read the folder of pods' logs, with its arguments. `reason`: why, for people. */
export function podLossStatus(
  error: unknown,
  { place, reason, translate }: { place: string; reason: string; translate: Translate },
): [key: string, args: Arguments] {
  return ['status.noPods', { place, reason, why: brief(error, translate) }];
}

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
 * right to its socket, has no fault: nobody is woken for that. A socket that nobody listens at is what a stopped engine leaves
 * behind. An engine that was there and went away is a fault.
 */
export function lossState(error: unknown, hadEngine: boolean): State {
  if (hadEngine) return 'fault';
  const code = errorCode(error);
  if (code === 'ENOENT') return 'idle';
  const isLeftSocket = code === 'ECONNREFUSED' && isPath((error as { address?: unknown }).address);
  return code === 'EACCES' || code === 'EPERM' || isLeftSocket ? 'warning' : 'fault';
}

/** Node.js names a socket of the file system by its path, without a port. */
function isPath(address: unknown): boolean {
  return typeof address === 'string' && address.startsWith('/');
}
