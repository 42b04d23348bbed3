import { parseNames, type SeriesName } from './series-names.ts';
import type { Checksum } from './slot.ts';

/** The first bytes of a file: what it is, the version of its format, a checksum, and the names of the series as JSON. */
export const HEAD_BYTES = 131_072;
const MAGIC = 'IMSERIES';
const VERSION = 1;
const TEXT_AT = 20;

export interface Head {
  /** Of two heads that of the greater number counts. */
  readonly generation: number;
  readonly names: readonly SeriesName[];
}

export function encodeHead(head: Head, checksum: Checksum): Buffer {
  const bytes = Buffer.alloc(HEAD_BYTES);
  bytes.write(MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(VERSION, 8);
  const length = bytes.write(JSON.stringify(head), TEXT_AT);
  bytes.writeUInt32LE(length, 16);
  bytes.writeUInt32LE(checksum(bytes.subarray(16)), 12);
  return bytes;
}

/** Undefined where it is empty, torn, or of another version. */
export function decodeHead(bytes: Buffer, checksum: Checksum): Head | undefined {
  const isOurs = bytes.length === HEAD_BYTES && bytes.toString('latin1', 0, 8) === MAGIC;
  if (!isOurs || bytes.readUInt32LE(8) !== VERSION) return undefined;
  if (bytes.readUInt32LE(12) !== checksum(bytes.subarray(16))) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8', TEXT_AT, TEXT_AT + bytes.readUInt32LE(16)));
    const { generation, names } = (value ?? {}) as Partial<Head>;
    const parsed = parseNames(names);
    return typeof generation === 'number' && parsed !== undefined ? { generation, names: parsed } : undefined;
  } catch {
    return undefined;
  }
}
