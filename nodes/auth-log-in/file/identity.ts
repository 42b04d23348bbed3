/** What makes a file the same file: its device, its inode and its first bytes, which no rename changes. */

/** A fingerprint grows with the file up to this many bytes. */
export const HEAD_BYTES = 1024;
/** So many bytes before the offset prove at each read that the file was not cut. */
export const GUARD_BYTES = 256;
/** A longer line is cut, and says so. */
export const MAX_LINE_BYTES = 262_144;

/** CRC-32 of the first `length` bytes. */
export interface Fingerprint {
  length: number;
  crc: number;
}

export interface Line {
  text: string;
  /** The same for the same line at the same place of the same file, however often it is read and wherever it moved. */
  id: string;
}

export interface Held {
  device: string;
  inode: string;
  complete?: boolean;
  modifiedNs: bigint;
}

/** A file of which every line was read: it is not read again under another name. */
export interface DoneFile {
  inode: string;
  head: Fingerprint;
}

export interface FilePosition extends DoneFile {
  device: string;
  /** Start of the first line that was not handed on, in bytes. */
  position: number;
  /** Milliseconds since the epoch: when it was last changed, as far as it was read. */
  modifiedMs: number;
}

/** The checkpoint of a followed file: all files that may still have lines, the oldest first, and those that have none. */
export interface Position {
  path: string;
  files: FilePosition[];
  done: DoneFile[];
}

/** A fingerprint this short says little: the inode must be the same too. */
export const SHORT_HEAD = 64;

/** Whether a file with `inode` whose first `known.head.length` bytes have the CRC `crc` is the one known. */
export function isKnown(known: DoneFile, inode: string, crc: number | undefined): boolean {
  return crc === known.head.crc && (inode === known.inode || known.head.length >= SHORT_HEAD);
}

/** The same for a file that was read to its end: an inode is soon used again, so a short file must be no longer. */
export function isKnownToEnd(known: DoneFile, inode: string, crc: number | undefined, size: number): boolean {
  return isKnown(known, inode, crc) && (known.head.length >= SHORT_HEAD || size === known.head.length);
}

/** The text of a line that is longer than `MAX_LINE_BYTES`, marked with its length. */
export function cutText(text: string, totalBytes: number): string {
  return `${text}… [cut: the line has ${totalBytes} bytes]`;
}

/** Whether `name` is the log named `base` or one that rotation made of it: `.1`, `-20261123`, `.1.gz`, `auth-20261123.log`. */
export function isOfFamily(name: string, base: string): boolean {
  const dot = base.lastIndexOf('.');
  const [stem, extension] = dot > 0 ? [base.slice(0, dot), base.slice(dot)] : [base, ''];
  if (name.startsWith(base)) return name === base || /^[.-](?:\d[\w.-]*|old)$/.test(name.slice(base.length));
  // logrotate's `extension` keeps the ending at the end.
  if (extension === '' || !name.startsWith(stem)) return false;
  const plain = name.replace(PACKED, '');
  return plain.endsWith(extension) && /^[.-]\d[\w-]*$/.test(plain.slice(stem.length, -extension.length));
}

const PACKED = /\.(?:gz|xz|zst|bz2|lz4|Z)$/;

export function isPacked(name: string): boolean {
  return PACKED.test(name);
}

export interface Member {
  name: string;
  device: string;
  inode: string;
  size: number;
  modifiedNs: bigint;
}

/**
 * Oldest first: the higher rotation number, or the earlier date in the name; where the names do not tell, the earlier
 * change. The names come first because a packed file has its time of change in whole seconds.
 */
export function byAge(a: Pick<Member, 'name' | 'modifiedNs'>, b: Pick<Member, 'name' | 'modifiedNs'>): number {
  const [mine, other] = [rotation(a.name), rotation(b.name)];
  const isDate = mine.length >= DATE_DIGITS;
  if (mine !== '' && other !== '' && mine !== other && isDate === other.length >= DATE_DIGITS) {
    if (!isDate) return Number(other) - Number(mine);
    return mine < other ? -1 : 1;
  }
  if (a.modifiedNs === b.modifiedNs) return 0;
  return a.modifiedNs < b.modifiedNs ? -1 : 1;
}

const DATE_DIGITS = 6;

/** `2` of `auth.log.2.gz`, `20261123` of `auth-20261123.log`; empty where there is none. */
function rotation(name: string): string {
  return /[.-](\d[\d-]*)(?:\.[A-Za-z]\w*)*$/.exec(name)?.[1] ?? '';
}
