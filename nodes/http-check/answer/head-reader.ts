/**
 * The head of an HTTP/1 answer (RFC 9112), read as curl reads it: what can be understood is. Devices and applications
 * send lines that end in LF alone, control characters, blanks before a colon, lengths twice.
 */

import { Buffer } from 'node:buffer';
import { MonitoringError } from '../../../lib/errors.ts';
import type { Head } from './fields.ts';

/** As much as curl takes: cookies and policies make heads of tens of kB. Interim answers count, too. */
const MOST_BYTES = 300 * 1024;
const LF = 10;
const CR = 13;
/** The head of a frame of HTTP/2. */
const FRAME_BYTES = 9;
const STATUS = /^HTTP\/\d(?:\.\d)? +(\d{3})(?!\d)/i;
/** What a strict parser takes. */
const STANDARD_STATUS = /^HTTP\/1\.[01] \d{3}(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const STANDARD_LINE = /^[!#$%&'*+.^_`|~0-9a-z-]+:[\t\x20-\x7e\x80-\xff]*$/i;

export interface ReadHead extends Head {
  /** What came behind it: the beginning of the body. */
  rest: Uint8Array;
  /** Where it first breaks the standard: the name of a field, or what is wrong; undefined where it nowhere does. */
  deviation: string | undefined;
}

/** Collects bytes until there is the head of a final answer. */
export class HeadReader {
  #parts: Uint8Array[] = [];
  #bytes = 0;
  /** The beginning is that of an answer. */
  #isHttp = false;
  /** There is nothing yet in the line that the next byte belongs to. */
  #isLineEmpty = true;

  /**
   * Takes what came. Gives the head once it is whole; interim answers before it are left out. Throws `NOT_HTTP`,
   * `SPEAKS_HTTP2` where it is a frame of HTTP/2, `HEAD_TOO_LARGE`, or `BAD_HEADER_LINE`.
   */
  push(chunk: Uint8Array): ReadHead | undefined {
    this.#bytes += chunk.length;
    for (let rest = chunk; ; ) {
      const end = this.#collect(rest);
      if (end === undefined) break;
      const head = parseHead(Buffer.concat(this.#parts).toString('latin1'));
      rest = end;
      // 101 is final: what follows is another protocol.
      if (head.code >= 200 || head.code === 101) return { ...head, rest };
      this.#parts = [];
      this.#isHttp = false;
    }
    if (this.#bytes > MOST_BYTES) throw new MonitoringError('HEAD_TOO_LARGE', { kibibytes: MOST_BYTES / 1024 });
    return undefined;
  }

  /** Takes bytes up to the empty line that ends a head. Gives what is behind that; undefined where it has not come. */
  #collect(chunk: Uint8Array): Uint8Array | undefined {
    let from = 0;
    // Empty lines before an answer are left over from the one before.
    if (this.#parts.length === 0) while (chunk[from] === LF || chunk[from] === CR) from += 1;
    if (from === chunk.length) return undefined;
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === LF && this.#isLineEmpty && this.#parts.length + at - from > 0) {
        this.#parts.push(chunk.subarray(from, at));
        this.#refuseOthers();
        return chunk.subarray(at + 1);
      }
      if (byte !== CR) this.#isLineEmpty = byte === LF;
    }
    this.#parts.push(chunk.subarray(from));
    this.#refuseOthers();
    return undefined;
  }

  #refuseOthers(): void {
    if (this.#isHttp) return;
    const start = Buffer.concat(this.#parts).subarray(0, FRAME_BYTES);
    const text = start.toString('latin1').toUpperCase();
    this.#isHttp = text.startsWith('HTTP/');
    if (this.#isHttp || 'HTTP/'.startsWith(text)) return;
    if (start[0] !== 0) throw new MonitoringError('NOT_HTTP');
    if (start.length < FRAME_BYTES) return;
    throw new MonitoringError(isSettingsFrame(start) ? 'SPEAKS_HTTP2' : 'NOT_HTTP');
  }
}

/** Whether it begins as a server of HTTP/2 does (RFC 9113, 3.4): a SETTINGS frame on stream 0. */
function isSettingsFrame(start: Uint8Array): boolean {
  const [, high = 0, low = 0, type, flags, ...stream] = start;
  return type === 4 && flags === 0 && (high * 256 + low) % 6 === 0 && stream.every((byte) => byte === 0);
}

function parseHead(text: string): Omit<ReadHead, 'rest'> {
  const [status = '', ...lines] = text.replace(/[\r\n]+$/, '').split(/\r*\n/);
  const code = STATUS.exec(status)?.[1];
  if (code === undefined) throw new MonitoringError('NOT_HTTP');
  const fields = new Map<string, string[]>();
  let deviation = STANDARD_STATUS.test(status) ? undefined : 'HTTP';
  if (/(?:^|[^\r])\n/.test(text)) deviation ??= 'LF';
  let last: string[] | undefined;
  for (const line of lines) {
    if (/^[ \t]/.test(line) && last !== undefined) {
      // A folded line (RFC 9112, 5.2) goes on with the value before it.
      last.push(`${last.pop() ?? ''} ${line.trim()}`);
      deviation ??= 'LF';
      continue;
    }
    const colon = line.indexOf(':');
    if (colon === -1 || line.includes('\0')) throw new MonitoringError('BAD_HEADER_LINE');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!STANDARD_LINE.test(line)) deviation ??= name || ':';
    last = fields.get(name) ?? [];
    fields.set(name, last);
    last.push(line.slice(colon + 1).trim());
  }
  return { code: Number(code), fields, deviation };
}
