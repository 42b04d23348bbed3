/** What the end of a log says of a stream that is silent. */

import { stampOf } from '../../lib/docker/time.ts';
import { type FrameSink, LogSplitter } from './line/frames.ts';
import type { LogPosition } from './position.ts';

/** The last message of a log: where it was written to, and when. */
export interface LastMessage {
  readonly stream: 1 | 2;
  /** RFC 3339 in UTC with nine decimals. */
  readonly stamp: string;
}

const LONGEST_STAMP = 40;
const SPACE = 32;

/** The last message of a part of a log; undefined where there is none. Throws `LOG_FRAME_MALFORMED` where it is no log. */
export function lastMessage(bytes: Buffer): LastMessage | undefined {
  let last: LastMessage | undefined;
  const sink: FrameSink = {
    frame(stream, buffer, start, end) {
      const text = buffer.toString('latin1', start, Math.min(end, start + LONGEST_STAMP));
      const space = text.indexOf(String.fromCharCode(SPACE));
      const stamp = stampOf(space === -1 ? text.trimEnd() : text.slice(0, space));
      if (stamp !== undefined) last = { stream: stream === 2 ? 2 : 1, stamp };
    },
  };
  const splitter = new LogSplitter(sink, bytes.length);
  splitter.push(bytes);
  splitter.end();
  return last;
}

/**
 * Why a stream is silent. `quiet`: everything the log has was sent. `behind`: the log has a line that was not.
 * `unknown`: the log does not say, as one that was cut does not (`copytruncate`). `setBack`: its last line has an earlier
 * stamp than one that was sent, as the engine's clock was set back.
 */
export type Silence = 'quiet' | 'behind' | 'unknown' | 'setBack';

/** `last` is the last message of the log; lines before `floor` (a stamp) were not wanted. */
export function silenceOf(last: LastMessage | undefined, position: LogPosition, floor: string): Silence {
  if (last === undefined) return 'unknown';
  const { stream, stamp } = last;
  if (stamp === position.pending) return 'quiet';
  const own = stream === 2 ? position.err : position.out;
  if (own === undefined) return stamp < floor ? 'quiet' : 'behind';
  if (stamp === own[0]) return 'quiet';
  return stamp > own[0] ? 'behind' : 'setBack';
}
