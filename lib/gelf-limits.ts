/**
 * What Graylog's own inputs take and refuse (server 4.0 to 7.2: `GelfDecoder`, `GelfChunkAggregator`, `HttpHandler`,
 * `TcpTransport`). Our receiver refuses the same, and the strict receiver of the tests holds our senders to it.
 */

/** The largest frame over TCP, in bytes (`max_message_size`). */
export const MOST_FRAME_BYTES = 2_097_152;
/** The largest body over HTTP, in bytes after unpacking (`max_chunk_size`). */
export const MOST_BODY_BYTES = 65_536;
/** What one message may become when it is unpacked, in bytes (`decompress_size_limit`). */
export const MOST_UNPACKED_BYTES = 8_388_608;

/** A chunk of a datagram begins with these, then 8 bytes of id, its number from 0 and their count. */
export const CHUNK_MAGIC = 0x1e0f;
export const CHUNK_HEADER_BYTES = 12;
export const MOST_CHUNKS = 128;
/** All chunks of a message come within this time, in ms. */
export const CHUNKS_WITHIN_MS = 5_000;

/** Where HTTP takes documents; any other path is 404. */
export const HTTP_PATH = '/gelf';

/** The name of an additional field without its underscore: Graylog drops a field of another name. */
const FIELD_NAME = /^[A-Za-z0-9.@_-]+$/;

/** Whether Graylog keeps a field of this name. */
export function isFieldName(name: string): boolean {
  return FIELD_NAME.test(name);
}
