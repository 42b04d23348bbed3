import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { deflate, deflateSync, gzip, gzipSync } from 'node:zlib';
import { MonitoringError } from '../../../../lib/errors.ts';
import { chunk } from '../../chunk.ts';
import type { Endpoint } from '../../endpoint.ts';
import { unlessAborted } from './connect.ts';
import type { Outgoing, SendResult, Transport } from './transport.ts';

export type Compression = 'gzip' | 'zlib' | 'none';

export interface UdpOptions {
  compression: Compression;
  chunkBytes: number;
  /** Datagrams that may leave in one millisecond. */
  datagramsPerMs: number;
}

const COMPRESS = { gzip: promisify(gzip), zlib: promisify(deflate) };
const COMPRESS_SMALL = { gzip: gzipSync, zlib: deflateSync };

/** Below this size handing the work to another thread takes longer than the work. */
const SMALL_BYTES = 16_384;
const ID_BYTES = 8;

/**
 * GELF over UDP: compressed, chunked and paced. gelf-pro's own adapter opens a socket for every message, puts a chunk
 * header even before a single chunk and sends an empty chunk more at exact multiples of the size.
 */
export class UdpTransport implements Transport {
  readonly unconfirmed = true;
  readonly #endpoint: Endpoint;
  readonly #options: UdpOptions;
  readonly #lost = new AbortController();
  #socket: Socket | undefined;
  /** Datagrams since the last pause. */
  #burst = 0;

  constructor(endpoint: Endpoint, options: UdpOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async open(signal: AbortSignal): Promise<void> {
    // Looked up here, at each connect: a connected socket would keep the first address for ever.
    const { address, family } = await unlessAborted(lookup(this.#endpoint.host), signal);
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    this.#socket = socket;
    socket.on('error', (error) => this.#lost.abort(error));
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      // A connected socket is told when nobody listens on the other side.
      socket.connect(this.#endpoint.port, address, () => {
        socket.off('error', reject);
        resolve();
      });
    });
  }

  async send({ texts }: Outgoing): Promise<SendResult> {
    const socket = this.#socket;
    if (socket === undefined) return { sent: 0, failure: new MonitoringError('CLOSED') };
    for (const [sent, text] of texts.entries()) {
      let datagrams: Buffer[];
      try {
        datagrams = await this.#datagramsOf(text);
      } catch (refusal) {
        return { sent, refusal };
      }
      try {
        await this.#sendAll(socket, datagrams);
      } catch (failure) {
        this.#lost.abort(failure);
        return { sent, failure };
      }
    }
    return { sent: texts.length };
  }

  /** No datagram is ever answered: what left is all that can be known. */
  close(): Promise<boolean> {
    return new Promise((resolve) => {
      try {
        if (this.#socket === undefined) resolve(true);
        else this.#socket.close(() => resolve(true));
      } catch {
        // It is closed already.
        resolve(true);
      }
    });
  }

  async #datagramsOf(text: string): Promise<Buffer[]> {
    return chunk(await this.#pack(Buffer.from(text)), this.#options.chunkBytes, randomBytes(ID_BYTES));
  }

  #pack(plain: Buffer): Buffer | Promise<Buffer> {
    const { compression } = this.#options;
    if (compression === 'none') return plain;
    return plain.length < SMALL_BYTES ? COMPRESS_SMALL[compression](plain) : COMPRESS[compression](plain);
  }

  async #sendAll(socket: Socket, datagrams: readonly Buffer[]): Promise<void> {
    for (const datagram of datagrams) {
      await new Promise<void>((resolve, reject) => {
        socket.send(datagram, (error) => (error === null ? resolve() : reject(error)));
      });
      await this.#pace();
    }
  }

  /**
   * Nothing tells a sender that a receiver's buffer is full. Linux' default holds some 270 small datagrams: a few in each
   * millisecond leave a receiver on a busy machine the twenty milliseconds it may have to wait for its turn.
   */
  async #pace(): Promise<void> {
    this.#burst += 1;
    if (this.#burst < this.#options.datagramsPerMs) return;
    this.#burst = 0;
    await pause(1);
  }
}
