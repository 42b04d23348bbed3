/** What a stream is that is no GELF, by its first bytes; undefined where it may be GELF. */
export type Foreign = 'compressed' | 'tls' | 'http';

const LEAST_BYTES = 2;
const HTTP = /^(?:GET|POST|PUT|HEAD|OPTIONS|DELETE|CONNECT|PATCH|PRI) /;

/** `start`: the first bytes of a connection. Compressed documents hold NULs, at which frames end: they cannot be cut. */
export function foreignStream(start: Buffer): Foreign | undefined {
  if (start.length < LEAST_BYTES) return undefined;
  if (isGzip(start) || isZlib(start)) return 'compressed';
  if (start[0] === 0x16 && start[1] === 0x03) return 'tls';
  return HTTP.test(start.toString('latin1', 0, 8)) ? 'http' : undefined;
}

/** RFC 1952. */
export function isGzip(bytes: Buffer): boolean {
  return bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** RFC 1950: the method and a check over the first two bytes. */
export function isZlib(bytes: Buffer): boolean {
  return bytes.length > 2 && ((bytes[0] as number) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}
