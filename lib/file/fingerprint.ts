/** Recognises a file by its inode and its first bytes: a rename changes neither, and a copy changes only the inode. */

/** A fingerprint grows with its file up to this many bytes. */
export const FINGERPRINT_BYTES = 1024;

/** A shorter fingerprint says little: then the inode must be the same too. */
export const SHORT_FINGERPRINT = 64;

/** The CRC-32 of the first `length` bytes of a file. */
export interface Fingerprint {
  length: number;
  crc: number;
}

export interface FileIdentity {
  inode: string;
  head: Fingerprint;
}

/** Whether a file with `inode`, whose first `head.length` bytes have the CRC `crc`, is the one of the identity. */
export function isSameFile({ inode: known, head }: FileIdentity, inode: string, crc: number | undefined): boolean {
  return crc === head.crc && (inode === known || head.length >= SHORT_FINGERPRINT);
}

/**
 * The same for a file that was read to its end. The system soon uses an inode again, so a file with a short fingerprint
 * must not be longer than that.
 */
export function isFinishedFile(known: FileIdentity, inode: string, crc: number | undefined, size: number): boolean {
  return isSameFile(known, inode, crc) && (known.head.length >= SHORT_FINGERPRINT || size === known.head.length);
}
