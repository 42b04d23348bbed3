import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { deflate, deflateSync, gzip, gzipSync } from 'node:zlib';
import { chunk } from '../../chunk.ts';
import type { Endpoint } from '../../endpoint.ts';
import { DeliveryError, type Transport } from './transport.ts';

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

/**
 * GELF over UDP: compressed, chunked and paced. gelf-pro's own adapter opens a socket for every message, puts a chunk
 * header even before a single chunk and sends an empty chunk more at exact multiples of the size.
 */
export function createUdpTransport(endpoint: Endpoint, options: UdpOptions): Transport {
  let socket: Socket;
  let burst = 0;
  let announceLost: (error: Error) => void;
  const lost = new Promise<Error>((resolve) => {
    announceLost = resolve;
  });

  const sendDatagram = (datagram: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      socket.send(datagram, (error) => (error === null ? resolve() : reject(error)));
    });

  // Nothing tells a sender that a receiver's buffer is full. Linux' default holds some 270 small datagrams: a few in each
  // millisecond leave a receiver on a busy machine the twenty milliseconds it may have to wait for its turn.
  const pace = async (): Promise<void> => {
    burst += 1;
    if (burst < options.datagramsPerMs) return;
    burst = 0;
    await pause(1);
  };

  const pack = (plain: Buffer): Buffer | Promise<Buffer> => {
    const { compression } = options;
    if (compression === 'none') return plain;
    return plain.length < SMALL_BYTES ? COMPRESS_SMALL[compression](plain) : COMPRESS[compression](plain);
  };

  const datagramsOf = async (message: string): Promise<Buffer[]> => {
    const plain = Buffer.from(message);
    return chunk(await pack(plain), options.chunkBytes, randomBytes(8));
  };

  return {
    unconfirmed: true,
    lost,
    async open() {
      // Looked up here, at each connect: a connected socket would keep the first address for ever.
      const { address, family } = await lookup(endpoint.host);
      socket = createSocket(family === 6 ? 'udp6' : 'udp4');
      socket.on('error', (error) => announceLost(error));
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        // A connected socket is told when nobody listens on the other side.
        socket.connect(endpoint.port, address, () => {
          socket.off('error', reject);
          resolve();
        });
      });
    },
    async send({ texts }) {
      for (const [index, message] of texts.entries()) {
        let datagrams: Buffer[];
        try {
          datagrams = await datagramsOf(message);
        } catch (error) {
          throw new DeliveryError(String(error), index, true);
        }
        for (const datagram of datagrams) {
          try {
            await sendDatagram(datagram);
          } catch (error) {
            announceLost(error as Error);
            throw new DeliveryError((error as Error).message, index);
          }
          await pace();
        }
      }
    },
    close: () =>
      new Promise((resolve) => {
        // No datagram is ever answered: what left is all that can be known.
        if (socket === undefined) {
          resolve(true);
          return;
        }
        try {
          socket.close(() => resolve(true));
        } catch {
          resolve(true);
        }
      }),
  };
}
