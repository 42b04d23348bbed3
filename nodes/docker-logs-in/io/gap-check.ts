import { stampOf } from '../../../lib/docker/time.ts';
import { countMessages, firstStamp } from '../line/frames.ts';
import { countLines } from '../line-count.ts';
import { TAIL_MESSAGES } from '../log-end.ts';
import { isUnread, type LogPosition, reachesBack } from '../position.ts';
import type { RememberedLines } from '../remembered-lines.ts';
import type { ContainerLog } from './container-log.ts';
import type { LogLines } from './log-lines.ts';

/** No more of the last messages are asked for: they would be too many bytes. */
const MOST_MESSAGES = 256_000;
const STEP = 8;

/** The end of a log. */
interface LogEnd {
  readonly bytes: Buffer;
  /** For how many messages it was asked. */
  readonly messages: number;
  /** Whether it reaches back to where it was to, or is all that there is. */
  readonly isEnough: boolean;
}

/**
 * The end of a log that reaches back to `position`, or where nothing was read to `floor` (a stamp), or is the whole log;
 * `messages` of it are asked for at first. Undefined where it cannot be read. An engine that loses its place in a log finds
 * the end all the same.
 */
async function readBackTo(
  log: ContainerLog,
  position: LogPosition,
  floor: string,
  messages = TAIL_MESSAGES,
): Promise<LogEnd | undefined> {
  const isBefore = (stamp: string): boolean =>
    isUnread(position) ? (stampOf(stamp) ?? floor) < floor : reachesBack(position, stamp);
  for (let count = messages; ; count *= STEP) {
    const bytes = await log.readTail(count).catch(() => undefined);
    if (bytes === undefined) return undefined;
    const from = firstStamp(bytes);
    if ((from !== undefined && isBefore(from)) || countMessages(bytes) < count)
      return { bytes, messages: count, isEnough: true };
    if (count * STEP > MOST_MESSAGES) return { bytes, messages: count, isEnough: false };
  }
}

/**
 * Looks whether a stream left lines out. Engine 20.10 does where it packs logs at rotation: it goes on with a later file, so
 * that nothing in the stream shows it. The end of the log is counted, and compared with what came.
 */
export class GapCheck {
  readonly #log: ContainerLog;
  readonly #lines: LogLines;
  readonly #known: RememberedLines;
  /** Up to here nothing is missing. */
  #sure: LogPosition;
  #sureCount: number;
  /** How many messages it took to reach back the last time, where lines were missing. */
  #usual = 0;

  constructor(log: ContainerLog, lines: LogLines) {
    this.#log = log;
    this.#lines = lines;
    this.#known = lines.remember();
    this.#sure = lines.position;
    this.#sureCount = lines.count;
  }

  /** Whether lines are missing; where none are, that counts from now. */
  async hasGap(): Promise<boolean> {
    return (await this.#findGap()) !== undefined;
  }

  /** Hands on what is missing. Nothing reads the log meanwhile. */
  async mend(): Promise<void> {
    const gap = await this.#findGap();
    if (gap === undefined) return;
    this.#lines.goBack(this.#sure);
    // Where its end is too short, the next reading does not reach back to this position, and reads all of the log.
    if (gap.isEnough) this.#lines.newReader(true).feedAll(gap.bytes);
    this.#sure = this.#lines.position;
    this.#sureCount = this.#lines.count;
  }

  /** The end of the log in which lines are that did not come; undefined where all of them came. */
  async #findGap(): Promise<LogEnd | undefined> {
    const { position, count, floor } = this.#lines;
    const taken = count - this.#sureCount;
    if (taken === 0) return undefined;
    this.#known.ask();
    const end = await readBackTo(this.#log, this.#sure, floor, Math.max(taken + TAIL_MESSAGES, this.#usual));
    // An end that is too long to be had at once is doubted: all of the log can be read.
    if (end === undefined) return { bytes: Buffer.alloc(0), messages: 0, isEnough: false };
    this.#usual = Math.min(end.messages, MOST_MESSAGES / STEP);
    const there = end.isEnough ? countLines(end.bytes, this.#sure, position, floor) : Number.POSITIVE_INFINITY;
    if (there > taken) return end;
    this.#usual = 0;
    this.#sure = position;
    this.#sureCount = count;
    this.#known.forget();
    return undefined;
  }
}
