import type { Readable } from 'node:stream';
import { createLogSplitter } from '../line/frames.ts';
import { createLineAssembler, LINE_LIMIT } from '../line/line-assembler.ts';
import type { MessageMaker } from '../line/messages.ts';

export interface ReadingOptions {
  readonly recorder: MessageMaker;
  /** How long a message waits for more lines, in milliseconds. */
  readonly multilineMs: number;
  /** There may be messages to take; `unfinished` is the stamp of a line that is still being put together. */
  read(unfinished: string | undefined): void;
}

/** One body of a log, from its first byte on. */
export interface LogReader {
  /** Resolves when the body has ended; rejects when it broke off or is no log. The body is destroyed then. */
  follow(body: Readable): Promise<void>;
  /** Takes the bytes of a body that was read already. Throws an Error where they are no log. */
  feed(bytes: Buffer): void;
  /** Nothing more will come: what is unfinished is complete. */
  finish(): void;
  /** Forgets the wait for more lines. */
  close(): void;
}

/** Begins to read: the recorder skips what it had. */
export function createLogReader({ recorder, multilineMs, read }: ReadingOptions): LogReader {
  const assembler = createLineAssembler(recorder);
  const splitter = createLogSplitter(assembler, LINE_LIMIT);
  let timer: NodeJS.Timeout | undefined;
  let isScheduled = false;
  let isClosed = false;
  recorder.restart();

  const handOn = (): void => {
    isScheduled = false;
    read(assembler.pending());
    clearTimeout(timer);
    if (recorder.isWaiting && !isClosed) timer = setTimeout(flush, multilineMs);
  };
  /** A message that waits for more lines does not wait for ever. */
  const flush = (): void => {
    recorder.flush();
    read(assembler.pending());
  };

  return {
    follow: (body) =>
      new Promise<void>((resolve, reject) => {
        // The engine sends each line in an HTTP chunk of its own, and each comes as a read: those of one turn go on together.
        body.on('data', (chunk: Buffer) => {
          try {
            splitter.push(chunk);
          } catch (error) {
            body.destroy(error as Error);
          }
          if (isScheduled) return;
          isScheduled = true;
          setImmediate(handOn);
        });
        body.once('end', resolve);
        body.once('error', reject);
        body.once('close', () => reject(new Error('the log stream broke off')));
        body.resume();
        // It may have broken off before anybody listened: its events are past then.
        if (body.destroyed) reject(new Error('the log stream broke off'));
      }).finally(handOn),
    feed(bytes) {
      splitter.push(bytes);
    },
    finish() {
      splitter.end();
      assembler.end();
      recorder.flush();
      handOn();
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
