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
  /** Whether it reaches back to where it was to, or is all that there is. */
  readonly isEnough: boolean;
}

/**
 * The end of a log that reaches back to `position`, or where nothing was read to `floor` (a stamp), or is the whole log;
 * `messages` of it are asked for at first. Undefined where it cannot be read. An engine that loses its place in a log finds
 * the end all the same.
 */
export async function readBackTo(
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
    if ((from !== undefined && isBefore(from)) || countMessages(bytes) < count) return { bytes, isEnough: true };
    if (count * STEP > MOST_MESSAGES) return { bytes, isEnough: false };
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

  constructor(log: ContainerLog, lines: LogLines) {
    this.#log = log;
    this.#lines = lines;
    this.#known = lines.remember();
    this.#sure = lines.position;
    this.#sureCount = lines.count;
  }

  /** Whether lines are missing; where none are, that counts from now. */
  async hasGap(): Promise<boolean> {
    const { position, count } = this.#lines;
    if (count === this.#sureCount) return false;
    this.#known.ask();
    const end = await readBackTo(this.#log, this.#sure, this.#lines.floor, count - this.#sureCount + TAIL_MESSAGES);
    // An end that is too long to be had at once is doubted: all of the log can be read.
    if (!end?.isEnough) return true;
    if (countLines(end.bytes, this.#sure, position, this.#lines.floor) > count - this.#sureCount) return true;
    this.#sure = position;
    this.#sureCount = count;
    this.#known.forget();
    return false;
  }

  /** Hands on what is missing. Nothing reads the log meanwhile. */
  async mend(): Promise<void> {
    if (!(await this.hasGap())) return;
    const end = await readBackTo(this.#log, this.#sure, this.#lines.floor);
    this.#lines.goBack(this.#sure);
    // Where it is too short, the next reading does not reach back to this position, and reads all of the log.
    if (end?.isEnough) this.#lines.newReader(true).feedAll(end.bytes);
    this.#sure = this.#lines.position;
    this.#sureCount = this.#lines.count;
  }
}
