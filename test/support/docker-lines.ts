import { LogSplitter } from '../../nodes/docker-logs-in/line/frames.ts';
import { LINE_LIMIT, LineAssembler } from '../../nodes/docker-logs-in/line/line-assembler.ts';

/** A time stamp as the engine writes it, `number` nanoseconds after an arbitrary start. */
export function stampAt(number: number): string {
  return `2026-11-23T18:00:00.${String(number).padStart(9, '0')}Z`;
}

/** A message of a log without a TTY. */
export function frameOf(stream: number, payload: string | Buffer): Buffer {
  const body = Buffer.from(payload);
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

/** A message of one line on stdout. */
export function lineOf(number: number, text: string): Buffer {
  return frameOf(1, `${stampAt(number)} ${text}\n`);
}

interface Line {
  stream: number;
  stamp: string;
  index: number;
  text: string;
  isTruncated: boolean;
}

export interface ReadLines {
  readonly lines: Line[];
  /** What the engine itself said. */
  readonly said: string[];
  readonly pending: string | undefined;
}

/** Reads `bytes` in reads that end at the given positions; `atEnd`: the container has stopped. */
export function readLines(bytes: Buffer, cuts: readonly number[] = [], atEnd = true): ReadLines {
  const lines: Line[] = [];
  const said: string[] = [];
  const assembler = new LineAssembler({
    line: (stream, stamp, index, text, isTruncated) => lines.push({ stream, stamp, index, text, isTruncated }),
    engineMessage: (text) => said.push(text),
  });
  const splitter = new LogSplitter(assembler, LINE_LIMIT);
  let start = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    splitter.push(bytes.subarray(start, cut));
    start = cut;
  }
  splitter.push(bytes.subarray(start));
  const pending = assembler.pending();
  if (atEnd) {
    splitter.end();
    assembler.end();
  }
  return { lines, said, pending };
}

export function textsOf({ lines }: ReadLines): string[] {
  return lines.map(({ stream, text }) => `${stream} ${text}`);
}
