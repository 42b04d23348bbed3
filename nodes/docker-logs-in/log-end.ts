/** What the engine did not send any more when a container stopped, from the last lines of its log. */

import { countMessages, firstStamp } from './line/frames.ts';
import { beginsAfter, type LogPosition, reachesBack } from './position.ts';

/** How many messages of the end of a log are read again when its container has stopped. */
export const TAIL_MESSAGES = 500;

/**
 * Where the rest of a log is. `none`: there is none. `tail`: all of it is in the tail. `log`: it begins before the tail,
 * so the log has to be read on from `position`.
 */
export type RestOfLog = 'none' | 'tail' | 'log';

/**
 * The tail is enough where it reaches back to what was read, or where it is the whole log; for more the engine goes through
 * all of the log. A short tail that begins after what was read is that of a damaged log. Of a container that is gone the tail
 * is all there is. Throws `LOG_FRAME_MALFORMED` where the tail is no log.
 */
export function restOfLog(tail: Buffer, position: LogPosition, isGone: boolean): RestOfLog {
  const from = firstStamp(tail);
  if (from === undefined) return 'none';
  if (isGone || reachesBack(position, from)) return 'tail';
  return !beginsAfter(position, from) && countMessages(tail) < TAIL_MESSAGES ? 'tail' : 'log';
}
