import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import type { LookupAddress } from 'node:dns';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { deflate, deflateSync, gzip, gzipSync } from 'node:zlib';
import { MonitoringError } from '../../../../lib/errors.ts';
import { chunk } from '../../chunk.ts';
import type { Endpoint } from '../../endpoint.ts';
import { unlessAborted } from './connect.ts';
import type { Ending, Outgoing, Refused, SendResult, Transport } from './transport.ts';

export type Compression = 'gzip' | 'zlib' | 'none';

export interface UdpOptions {
  compression: Compression;
  chunkBytes: number;
  /** Datagrams that may leave in one millisecond. */
  datagramsPerMs: number;
  /** The addresses of a name, at least one. */
  resolve(name: string): Promise<readonly LookupAddress[]>;
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
  readonly confirms = 'never';
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
    const [found] = await unlessAborted(this.#options.resolve(this.#endpoint.host), signal);
    const socket = createSocket(found?.family === 6 ? 'udp6' : 'udp4');
    this.#socket = socket;
    socket.on('error', (error) => this.#lost.abort(error));
    // A connected socket is told when nobody listens on the other side. What goes wrong comes as the callback's argument.
    const connect = promisify(socket.connect.bind(socket)) as (port: number, address?: string) => Promise<void>;
    await connect(this.#endpoint.port, found?.address);
  }

  async send({ texts }: Outgoing): Promise<SendResult> {
    const socket = this.#socket;
    const refused: Refused[] = [];
    if (socket === undefined) return { sent: 0, failure: new MonitoringError('CLOSED') };
    for (const [index, text] of texts.entries()) {
      let datagrams: Buffer[];
      try {
        datagrams = await this.#datagramsOf(text);
      } catch (error) {
        refused.push({ index, error });
        continue;
      }
      try {
        await this.#sendAll(socket, datagrams);
      } catch (failure) {
        this.#lost.abort(failure);
        return { sent: index, refused, failure };
      }
    }
    return { sent: texts.length, refused };
  }

  /** No datagram is ever answered: what left is all that can be known. */
  close(): Promise<Ending> {
    return new Promise((resolve) => {
      const end = (): void => resolve({ isRead: true });
      try {
        if (this.#socket === undefined) end();
        else this.#socket.close(end);
      } catch {
        // It is closed already.
        end();
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
