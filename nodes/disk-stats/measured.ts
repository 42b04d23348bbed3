import { errorCode, MonitoringError } from '../../lib/errors.ts';
import { isImageType, type Mount } from './mounts.ts';
import type { Usage } from './usage.ts';

/** What came of asking one mount, or of looking for it. */
export type Measured =
  | { mount: Mount; usage: Usage }
  /** It did not answer within the deadline; `staleMs` since the question that is open was asked. */
  | { mount: Mount; staleMs: number }
  /** It cannot be read. */
  | { mount: Mount; error: unknown }
  /** It ought to be mounted and is not; `missingSinceMs` in ms since the epoch. */
  | { mount: Mount; missingSinceMs: number }
  /** It is not mounted any more, or not asked for any more, and nobody waits for it. */
  | { mount: Mount; isGone: true };

/** Whether a mount cannot be read because the user of this process may not. */
export function isForbidden(measured: Measured): boolean {
  if (!('error' in measured)) return false;
  const { error } = measured;
  const code = errorCode(error);
  if (code === 'EACCES' || code === 'EPERM') return true;
  const said = error instanceof MonitoringError && code === 'STAT_FAILED' ? String(error.values.reason) : '';
  return /Permission denied|Operation not permitted/.test(said);
}

/** An image, a disc: a filesystem that is full by its nature, since nobody can write to it. */
export function isImage(measured: Measured): boolean {
  const { mount } = measured;
  if (!('usage' in measured) || measured.usage.availableBytes > 0) return false;
  return mount.isReadOnly === true || isImageType(mount);
}
