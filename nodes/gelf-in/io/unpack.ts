import { promisify } from 'node:util';
import { gunzip, gunzipSync, inflate } from 'node:zlib';
import { MOST_UNPACKED_BYTES } from '../../../lib/gelf-limits.ts';
import { isGzip, isZlib } from '../frame/foreign.ts';
import type { SharedRoom } from '../shared-room.ts';

const unzip = { gzip: promisify(gunzip), zlib: promisify(inflate) };

/** How many are unpacked at once. Each has a thread of the pool that looks names up, too. */
const AT_ONCE = 2;
/** What says that it is no larger is unpacked at once: that takes less than handing it to a thread. */
const SMALL_BYTES = 32_768;
const SIZE_BYTES = 4;
const LEAST_BYTES = 18;

export type Unpacked = Buffer | 'notUnpacked' | 'tooLarge' | 'full';

/** Unpacks datagrams, a few at a time, each to so many bytes at most: a few kilobytes can become gigabytes. */
export class Unpacker {
  readonly #room: SharedRoom;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(room: SharedRoom) {
    this.#room = room;
  }

  /** Calls `use` with what a datagram becomes; what is not packed at once. */
  unpack(datagram: Buffer, sender: string, use: (unpacked: Unpacked) => void): void {
    const kind = isGzip(datagram) ? 'gzip' : isZlib(datagram) ? 'zlib' : undefined;
    if (kind === undefined) use(datagram);
    else if (kind === 'gzip' && saysSmall(datagram)) use(unpackSmall(datagram));
    else if (this.#room.take(sender, datagram.length)) void this.#unpack(kind, datagram, sender, use);
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
    this.#room.release(sender, datagram.length);
    use(unpacked);
  }
}

/** Gzip ends with the size of what is packed, modulo 4 GiB (RFC 1952). */
function saysSmall(datagram: Buffer): boolean {
  return datagram.length >= LEAST_BYTES && datagram.readUInt32LE(datagram.length - SIZE_BYTES) <= SMALL_BYTES;
}

function unpackSmall(datagram: Buffer): Unpacked {
  try {
    return gunzipSync(datagram, { maxOutputLength: SMALL_BYTES });
  } catch {
    return 'notUnpacked';
  }
}

function isTooLarge(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
}
