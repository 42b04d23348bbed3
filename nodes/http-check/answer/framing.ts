/** Where the body of an HTTP/1 answer ends (RFC 9112, 6), as curl finds it. */

import { Buffer } from 'node:buffer';
import { MonitoringError } from '../../../lib/errors.ts';
import { firstOf, type Head, listOf } from './fields.ts';

export type Framing =
  | { kind: 'none' }
  | { kind: 'length'; bytes: number }
  | { kind: 'chunked' }
  /** At the end of the connection. */
  | { kind: 'close' };

/** Throws `BAD_CONTENT_LENGTH`. Of several lengths the last one counts, and none beside chunks. */
export function framingOf(method: string, { code, fields }: Head): Framing {
  if (method === 'HEAD' || code < 200 || code === 204 || code === 304) return { kind: 'none' };
  if (listOf(fields, 'transfer-encoding').includes('chunked')) return { kind: 'chunked' };
  const lengths = fields.get('content-length') ?? [];
  const text = lengths.at(-1);
  if (text === undefined) return { kind: 'close' };
  const digits = /^\d+/.exec(text)?.[0];
  if (digits === undefined) throw new MonitoringError('BAD_CONTENT_LENGTH');
  const bytes = Number(digits);
  // A length that no number holds says nothing: the end of the connection does.
  return Number.isSafeInteger(bytes) ? { kind: 'length', bytes } : { kind: 'close' };
}

/** Where the lengths of an answer break the standard: a name of a field, or undefined. */
export function framingDeviation({ fields }: Head): string | undefined {
  const lengths = fields.get('content-length') ?? [];
  const isWrong = lengths.length > 1 || !lengths.every((text) => /^\d+$/.test(text));
  if (isWrong || (lengths.length > 0 && fields.has('transfer-encoding'))) return 'content-length';
  return undefined;
}

/** The encodings of a body, in the order in which they were applied. */
export function encodingsOf({ fields }: Head): string[] {
  const transfer = listOf(fields, 'transfer-encoding').filter((coding) => coding !== 'chunked');
  return [...listOf(fields, 'content-encoding'), ...transfer];
}

/** Whether the head itself says how long the body is. */
export function tellsLength({ fields }: Head): boolean {
  return firstOf(fields, 'content-length') !== undefined && !fields.has('transfer-encoding');
}

const LF = 10;
const CR = 13;
/** Digits of a chunk's size that a number can hold. */
const SIZE = /^[ \t]*([\da-f]{1,13})(?![\da-f])/i;
/** Characters of the line with a chunk's size that are kept: behind the size are only extensions. */
const MOST_SIZE_LINE = 64;

/** Takes the chunks of a body apart (RFC 9112, 7.1). */
export class ChunkDecoder {
  #state: 'size' | 'data' | 'dataEnd' | 'trailer' | 'done' = 'size';
  #line = '';
  #left = 0;

  /** The last chunk and the trailer behind it were read. */
  get isDone(): boolean {
    return this.#state === 'done';
  }

  /** The parts of the body in what came. Throws `BAD_CHUNK`. */
  push(bytes: Uint8Array): Uint8Array[] {
    const parts: Uint8Array[] = [];
    let at = 0;
    while (at < bytes.length && this.#state !== 'done') {
      if (this.#state === 'data') {
        const part = bytes.subarray(at, at + this.#left);
        parts.push(part);
        at += part.length;
        this.#left -= part.length;
        if (this.#left === 0) this.#state = 'dataEnd';
      } else if (this.#state === 'dataEnd') at = this.#endData(bytes, at);
      else at = this.#readLine(bytes, at);
    }
    return parts;
  }

  #endData(bytes: Uint8Array, at: number): number {
    if (bytes[at] === LF) this.#state = 'size';
    else if (bytes[at] !== CR) throw new MonitoringError('BAD_CHUNK');
    return at + 1;
  }

  #readLine(bytes: Uint8Array, at: number): number {
    const end = bytes.indexOf(LF, at);
    const part = bytes.subarray(at, end === -1 ? bytes.length : end);
    const room = Math.max(0, MOST_SIZE_LINE - this.#line.length);
    this.#line += Buffer.from(part.subarray(0, room)).toString('latin1');
    if (end === -1) return bytes.length;
    const line = this.#line;
    this.#line = '';
    if (this.#state === 'trailer') {
      if (/^\r*$/.test(line)) this.#state = 'done';
      return end + 1;
    }
    const size = SIZE.exec(line)?.[1];
    if (size === undefined) throw new MonitoringError('BAD_CHUNK');
    this.#left = Number.parseInt(size, 16);
    this.#state = this.#left === 0 ? 'trailer' : 'data';
    return end + 1;
  }
}
