import { errorCode } from '../errors.ts';
import type { State } from '../status.ts';

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
