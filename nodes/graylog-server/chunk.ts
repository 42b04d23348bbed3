/**
 * Chunked GELF over UDP: `1e 0f`, 8 bytes of message id, sequence number, sequence count, then the piece.
 * Source: https://go2docs.graylog.org/current/getting_in_log_data/gelf.html (GELF via UDP) and Graylog's GelfChunkAggregator.
 */

import { MonitoringError } from '../../lib/errors.ts';

export const MAX_CHUNKS = 128;
export const CHUNK_HEADER_BYTES = 12;

/** The bytes of one datagram that passes an Ethernet path without being fragmented. */
export const DEFAULT_CHUNK_BYTES = 1420;

/**
 * The datagrams of one message: itself where it fits into `chunkBytes`, else its chunks. `id` is 8 random bytes.
 * Throws `TOO_MANY_CHUNKS` where it needs more than 128 of them.
 */
export function chunk(message: Buffer, chunkBytes: number, id: Buffer): Buffer[] {
  if (message.length <= chunkBytes) return [message];
  const piece = chunkBytes - CHUNK_HEADER_BYTES;
  const count = Math.ceil(message.length / piece);
  if (count > MAX_CHUNKS)
    throw new MonitoringError('TOO_MANY_CHUNKS', { bytes: message.length, count, most: MAX_CHUNKS });
  return Array.from({ length: count }, (_, sequence) => {
    const header = Buffer.from([0x1e, 0x0f, 0, 0, 0, 0, 0, 0, 0, 0, sequence, count]);
    id.copy(header, 2, 0, 8);
    return Buffer.concat([header, message.subarray(sequence * piece, (sequence + 1) * piece)]);
  });
}
