import { isPlausibleTime } from '../plausible-time.ts';
import { FINGERPRINT_BYTES, type FileIdentity, type Fingerprint } from './fingerprint.ts';
import { LAST_LINES } from './line-ids.ts';

/** No checkpoint has more files, or remembers more. */
const MOST_FILES = 1024;

/** How far a file was read. */
export interface FilePosition extends FileIdentity {
  device: string;
  /** Start of the first line that was not handed on, in bytes. */
  position: number;
  /** When it was last changed, as far as it was read, in ms since the epoch. */
  modifiedMs: number;
  /** What stands for the last lines that were handed on: an editor writes them into a new file with the rest. */
  lastLines?: readonly string[];
  /** The file that the log's path led to when it was opened, where that was a link. */
  target?: string;
  /** A later stop in good order found that all of it had been handed on, and that nobody can write to it any more. */
  ended?: true;
}

/** The checkpoint of a log in files. */
export interface Position {
  path: string;
  /** The files that may still get lines, the oldest first. */
  files: FilePosition[];
  /** The files that were read to their end: they are not read again under another name. */
  done: FileIdentity[];
}

/** The position with those files marked that `hasEnded` says of. */
export function markEnded(position: Position, hasEnded: (file: FilePosition) => boolean): Position {
  return { ...position, files: position.files.map((file) => (hasEnded(file) ? { ...file, ended: true } : file)) };
}

type Fields = { [name: string]: unknown };

/** The position in a state file. Undefined where the value is none, or is of a time after `nowMs`. */
export function parsePosition(value: unknown, nowMs: number): Position | undefined {
  const { path, files, done } = fieldsOf(value);
  if (!isPath(path) || !Array.isArray(files) || !Array.isArray(done)) return undefined;
  if (files.length > MOST_FILES || done.length > MOST_FILES) return undefined;
  const positions = files.map((file) => parseFilePosition(file, nowMs));
  const identities = done.map(parseIdentity);
  return positions.every(isDefined) && identities.every(isDefined)
    ? { path, files: positions, done: identities }
    : undefined;
}

function parseFilePosition(value: unknown, nowMs: number): FilePosition | undefined {
  const { device, position, modifiedMs, lastLines, target, ended } = fieldsOf(value);
  const identity = parseIdentity(value);
  if (identity === undefined || !isNumberText(device)) return undefined;
  if (!isWholeNumber(position) || position < 0) return undefined;
  if (!isWholeNumber(modifiedMs) || !isPlausibleTime(modifiedMs, nowMs)) return undefined;
  if (target !== undefined && !isPath(target)) return undefined;
  if (lastLines !== undefined && !areHashes(lastLines)) return undefined;
  const more = { ...(lastLines === undefined ? {} : { lastLines }), ...(target === undefined ? {} : { target }) };
  const file = { device, inode: identity.inode, head: identity.head, position, modifiedMs, ...more };
  return ended === true ? { ...file, ended } : file;
}

function parseIdentity(value: unknown): FileIdentity | undefined {
  const { inode, head: headValue } = fieldsOf(value);
  const head = parseFingerprint(headValue);
  return isNumberText(inode) && head !== undefined ? { inode, head } : undefined;
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

function isPath(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0');
}

function areHashes(value: unknown): value is string[] {
  if (!Array.isArray(value) || value.length > LAST_LINES) return false;
  return value.every((one) => typeof one === 'string' && /^[0-9a-f]{16}$/.test(one));
}

/** Numbers of devices and inodes do not fit into a number. */
function isNumberText(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,20}$/.test(value);
}

function isWholeNumber(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}
