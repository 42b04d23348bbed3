import type { Readable } from 'node:stream';
import { MonitoringError } from '../../../lib/errors.ts';
import { firstStamp } from '../line/frames.ts';

/** The header of a frame and a stamp are shorter, in bytes. */
const ENOUGH = 64;
/** The first byte of a message of the engine itself, which has no stamp. */
const ENGINE_MESSAGE = 3;

/** What a stream begins with. */
export interface Beginning {
  /** The stamp of its first message; undefined where it begins with none. */
  readonly stamp: string | undefined;
  /** What the stream had, where it has ended by now. */
  readonly rest: Buffer | undefined;
}

function isEnough(bytes: Buffer): boolean {
  return bytes.length >= ENOUGH || bytes[0] === ENGINE_MESSAGE || firstStamp(bytes) !== undefined;
}

/**
 * Waits for the first message of a log, and leaves it in the stream, which is paused then. Rejects with its error, or with
 * `LOG_STREAM_BROKEN`.
 */
export function readBeginning(body: Readable): Promise<Beginning> {
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    const stopListening = (): void => {
      body.off('data', read).off('end', ended).off('error', failed).off('close', closed);
      body.pause();
    };
    const read = (chunk: Buffer): void => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      if (!isEnough(bytes)) return;
      stopListening();
      body.unshift(bytes);
      resolve({ stamp: firstStamp(bytes), rest: undefined });
    };
    const ended = (): void => {
      stopListening();
      resolve({ stamp: undefined, rest: bytes });
    };
    const failed = (error: Error): void => {
      stopListening();
      reject(error);
    };
    const closed = (): void => failed(new MonitoringError('LOG_STREAM_BROKEN'));
    body.on('data', read).once('end', ended).once('error', failed).once('close', closed);
    body.resume();
    if (body.destroyed) closed();
  });
}
