import { FINGERPRINT_BYTES, type FileIdentity, type Fingerprint } from './fingerprint.ts';

/** How far a file was read. */
export interface FilePosition extends FileIdentity {
  device: string;
  /** Start of the first line that was not handed on, in bytes. */
  position: number;
  /** When it was last changed, as far as it was read, in ms since the epoch. */
  modifiedMs: number;
}

/** The checkpoint of a log in files. */
export interface Position {
  path: string;
  /** The files that may still get lines, the oldest first. */
  files: FilePosition[];
  /** The files that were read to their end: they are not read again under another name. */
  done: FileIdentity[];
}

type Fields = { [name: string]: unknown };

/** The position in a state file. Undefined where the value is none. */
export function parsePosition(value: unknown): Position | undefined {
  const { path, files, done } = fieldsOf(value);
  if (typeof path !== 'string' || !Array.isArray(files) || !Array.isArray(done)) return undefined;
  const positions = files.map(parseFilePosition);
  const identities = done.map(parseIdentity);
  return positions.every(isDefined) && identities.every(isDefined)
    ? { path, files: positions, done: identities }
    : undefined;
}

function parseFilePosition(value: unknown): FilePosition | undefined {
  const { device, position, modifiedMs } = fieldsOf(value);
  const identity = parseIdentity(value);
  if (identity === undefined || typeof device !== 'string') return undefined;
  if (!isWholeNumber(position) || position < 0 || !isWholeNumber(modifiedMs)) return undefined;
  return { device, inode: identity.inode, head: identity.head, position, modifiedMs };
}

function parseIdentity(value: unknown): FileIdentity | undefined {
  const { inode, head: headValue } = fieldsOf(value);
  const head = parseFingerprint(headValue);
  return typeof inode === 'string' && head !== undefined ? { inode, head } : undefined;
}

function parseFingerprint(value: unknown): Fingerprint | undefined {
  const { length, crc } = fieldsOf(value);
  // As many bytes are read to compare them.
  if (!isWholeNumber(length) || length < 0 || length > FINGERPRINT_BYTES) return undefined;
  return isWholeNumber(crc) && crc >= 0 && crc <= 0xffff_ffff ? { length, crc } : undefined;
}

/** The fields of any value; those of a primitive or of null are missing. */
function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function isWholeNumber(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}
