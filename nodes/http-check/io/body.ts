import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

export interface Body {
  /** Decompressed, at most `limit` bytes. */
  body: Buffer;
  /** As they came over the wire. */
  bytes: number;
  truncated: boolean;
}

/** What is asked for. `deflate` is understood too, but servers do not agree on what it is. */
export const ENCODINGS = 'gzip, br';

/** Without a byte of a body there is nothing to decompress, though HEAD says how it would be. */
function isEmpty({ req, statusCode, headers }: IncomingMessage & { req?: { method: string } }): boolean {
  return req?.method === 'HEAD' || statusCode === 204 || statusCode === 304 || headers['content-length'] === '0';
}

function decompressor(encoding: string | undefined): Transform | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      return undefined;
  }
}

/** Reads the body and stops at `limit` bytes of it. Rejects when it ends before its end or cannot be decompressed. */
export async function readBody(response: IncomingMessage, limit: number): Promise<Body> {
  const transform = isEmpty(response) ? undefined : decompressor(response.headers['content-encoding']);
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  // The callback only keeps the error from being thrown: reading the last stream tells it too.
  const stream: Readable = transform === undefined ? response : pipeline(response, transform, () => undefined);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) break;
  }
  return { body: Buffer.concat(chunks).subarray(0, limit), bytes, truncated: size > limit };
}
