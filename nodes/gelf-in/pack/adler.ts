const LARGEST_PRIME = 65_521;
/** Of so many bytes the sums stay below 2^32 (RFC 1950). */
const BLOCK_BYTES = 5_552;

/** The checksum of zlib, Adler-32. */
export function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (let from = 0; from < bytes.length; from += BLOCK_BYTES) {
    const end = Math.min(bytes.length, from + BLOCK_BYTES);
    for (let n = from; n < end; n += 1) {
      low += bytes[n] as number;
      high += low;
    }
    low %= LARGEST_PRIME;
    high %= LARGEST_PRIME;
  }
  return high * 65_536 + low;
}
