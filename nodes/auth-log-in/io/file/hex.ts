const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The 32 bits of an unsigned number as 8 hexadecimal digits; `toString(16)` takes ten times as long. */
export function hex32(number: number): string {
  const high = (BYTES[number >>> 24] as string) + BYTES[(number >>> 16) & 255];
  return high + BYTES[(number >>> 8) & 255] + BYTES[number & 255];
}
