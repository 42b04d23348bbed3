import { crc32 } from 'node:zlib';
import { SEPARATOR } from './batch-key.ts';

/** What LevelDB adds to a batch: its key twice, with lengths and marks. */
const OVERHEAD_BYTES = 128;

/** The value of a batch: its messages behind a checksum. */
export function sealed(texts: readonly string[]): Buffer {
  const text = texts.join(SEPARATOR);
  return Buffer.from(`${crc32(text)}${SEPARATOR}${text}`);
}

/** The messages of a value, or undefined where they are not as they were written. */
export function unsealed(value: Buffer): string[] | undefined {
  const end = value.indexOf(SEPARATOR);
  const content = value.subarray(end + 1);
  if (end < 1 || String(crc32(content)) !== value.toString('latin1', 0, end)) return undefined;
  return content.toString().split(SEPARATOR);
}

/** The bytes on disk of a batch with this value. */
export function storedBytes(value: Buffer): number {
  return value.length + OVERHEAD_BYTES;
}

/** The bytes on disk of a batch with these messages. */
export function batchBytes(texts: readonly string[]): number {
  let bytes = OVERHEAD_BYTES;
  for (const text of texts) bytes += Buffer.byteLength(text) + 1;
  return bytes;
}
