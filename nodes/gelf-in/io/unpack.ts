import { promisify } from 'node:util';
import { crc32, gunzip, inflate } from 'node:zlib';
import { MOST_UNPACKED_BYTES } from '../../../lib/gelf-limits.ts';
import { isGzip, isZlib } from '../frame/foreign.ts';
import { adler32 } from '../pack/adler.ts';
import { Inflater, TOO_LARGE } from '../pack/inflater.ts';
import { KEPT_BYTES, type SharedRoom } from '../shared-room.ts';

const unzip = { gzip: promisify(gunzip), zlib: promisify(inflate) };

/** How many are unpacked at once. Each has a thread of the pool that looks names up, too. */
const AT_ONCE = 2;
/** What becomes no larger is unpacked at once: that takes less than handing it to a thread. */
const SMALL_BYTES = 32_768;
/** Around what is packed: RFC 1952 and RFC 1950. */
const GZIP_HEADER_BYTES = 10;
const GZIP_FLAGS_AT = 3;
const GZIP_END_BYTES = 8;
const ZLIB_HEADER_BYTES = 2;
const ZLIB_DICTIONARY = 0x20;
const ZLIB_LARGEST_WINDOW = 0x78;
const SUM_BYTES = 4;

export type Unpacked = Buffer | 'notUnpacked' | 'tooLarge' | 'full';

/** Unpacks datagrams, a few at a time, each to so many bytes at most: a few kilobytes can become gigabytes. */
export class Unpacker {
  readonly #room: SharedRoom;
  /** What is small becomes part of it, one after the other. */
  readonly #output = Buffer.alloc(SMALL_BYTES);
  readonly #small = new Inflater(this.#output);
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(room: SharedRoom) {
    this.#room = room;
  }

  /** Calls `use` with what a datagram becomes: at once where it is not packed, or small. That is another's after the call. */
  unpack(datagram: Buffer, sender: string, use: (unpacked: Unpacked) => void): void {
    const kind = isGzip(datagram) ? 'gzip' : isZlib(datagram) ? 'zlib' : undefined;
    const small =
      kind === 'gzip' ? this.#unzipSmall(datagram) : kind === 'zlib' ? this.#inflateSmall(datagram) : datagram;
    if (small !== undefined || kind === undefined) use(small ?? datagram);
    else if (this.#room.take(sender, datagram.length + KEPT_BYTES)) void this.#unpack(kind, datagram, sender, use);
    else use('full');
  }

  async #unpack(
    kind: keyof typeof unzip,
    datagram: Buffer,
    sender: string,
    use: (unpacked: Unpacked) => void,
  ): Promise<void> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    let unpacked: Unpacked;
    try {
      unpacked = await unzip[kind](datagram, { maxOutputLength: MOST_UNPACKED_BYTES });
    } catch (error) {
      unpacked = isTooLarge(error) ? 'tooLarge' : 'notUnpacked';
    }
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
    this.#room.release(sender, datagram.length + KEPT_BYTES);
    use(unpacked);
  }

  /** Undefined where zlib is to look: it is larger, or is no single member with the shortest header. */
  #unzipSmall(datagram: Buffer): Unpacked | undefined {
    const end = datagram.length - GZIP_END_BYTES;
    if (end < GZIP_HEADER_BYTES) return 'notUnpacked';
    const says = datagram.readUInt32LE(end + SUM_BYTES);
    if (says > SMALL_BYTES || datagram[GZIP_FLAGS_AT] !== 0) return undefined;
    const length = this.#small.inflate(datagram, GZIP_HEADER_BYTES);
    // It may say that it is small, and be a bomb.
    if (length < 0) return 'notUnpacked';
    if (this.#small.end < end) return undefined;
    const output = this.#output.subarray(0, length);
    const isWhole = this.#small.end === end && length === says && crc32(output) === datagram.readUInt32LE(end);
    return isWhole ? output : 'notUnpacked';
  }

  #inflateSmall(datagram: Buffer): Unpacked | undefined {
    const [method = 0, flags = 0] = datagram;
    if (method > ZLIB_LARGEST_WINDOW || (flags & ZLIB_DICTIONARY) !== 0) return 'notUnpacked';
    const length = this.#small.inflate(datagram, ZLIB_HEADER_BYTES);
    if (length === TOO_LARGE) return undefined;
    const { end } = this.#small;
    if (length < 0 || end + SUM_BYTES > datagram.length) return 'notUnpacked';
    const output = this.#output.subarray(0, length);
    return adler32(output) === datagram.readUInt32BE(end) ? output : 'notUnpacked';
  }
}

function isTooLarge(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
}
