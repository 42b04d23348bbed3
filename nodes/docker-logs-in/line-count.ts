import { LogSplitter } from './line/frames.ts';
import { LINE_LIMIT, LineAssembler } from './line/line-assembler.ts';
import { type GateSink, LineGate } from './line-gate.ts';
import { LinesAgain, type LogPosition, type StreamPosition } from './position.ts';

function againOf(position: StreamPosition | undefined): LinesAgain | undefined {
  return position === undefined ? undefined : new LinesAgain(position);
}

/**
 * How many lines of a part of a log come after `from`, up to `to`; of a stream of which nothing was wanted yet those from
 * `floor` (a stamp) on. Throws `LOG_FRAME_MALFORMED` or `LOG_STAMP_MISSING` where it is no log.
 */
export function countLines(bytes: Buffer, from: LogPosition, to: LogPosition, floor: string): number {
  const before = [againOf(from.out), againOf(from.err)];
  const wanted = [againOf(to.out), againOf(to.err)];
  let count = 0;
  const sink: GateSink = {
    line(number, stamp, index) {
      const at = number === 2 ? 1 : 0;
      const isWanted = wanted[at]?.has(stamp, index) ?? false;
      if (!before[at]?.has(stamp, index) && isWanted) count += 1;
    },
    passed: () => undefined,
    engineMessage: () => undefined,
  };
  const splitter = new LogSplitter(new LineAssembler(new LineGate(sink, from, floor)), LINE_LIMIT);
  splitter.push(bytes);
  splitter.end();
  return count;
}
