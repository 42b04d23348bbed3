/** So many bytes tell. */
const LOOKED_AT = 64;
const FEWEST = 8;

/** Whether a file that begins with these bytes is UTF-16: by its byte order mark, or by a NUL in each pair of bytes. */
export function isUtf16(head: Uint8Array): boolean {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  const bytes = head.subarray(0, LOOKED_AT & ~1);
  if (bytes.length < FEWEST) return false;
  const nulls = [0, 1].map((place) => bytes.filter((byte, index) => index % 2 === place && byte === 0).length);
  const pairs = Math.floor(bytes.length / 2);
  // A hole that copytruncate left has them at both places.
  return Math.max(...nulls) >= pairs * 0.75 && Math.min(...nulls) === 0;
}
