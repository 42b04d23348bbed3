/** What is read of a file of the journal: https://systemd.io/JOURNAL_FILE_FORMAT/. */
export interface JournalFile {
  /** The id of the numbering that its entries are in. */
  readonly sequence: string;
  /** The time of its first entry, in microseconds since the epoch. */
  readonly headMicros: number;
  /** The time of its last entry. */
  readonly tailMicros: number;
  /** Whether nothing is written to it any more. */
  readonly isArchived: boolean;
}

/** journald gives another name to a file that is full, and to one that a crash left damaged. */
const ARCHIVED = /@|~$/;

/** So many bytes at the beginning of a file are its header, as far as it is read here. */
export const HEADER_BYTES = 208;

const SIGNATURE = 'LPKSHHRH';
const SEQUENCE_AT = 72;
const ENTRIES_AT = 152;
const HEAD_TIME_AT = 184;
const TAIL_TIME_AT = 192;

/** Reads the header of the file of that name. Undefined where the bytes are none, or the file has no entry. */
export function parseFileHeader(name: string, bytes: Buffer): JournalFile | undefined {
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, SIGNATURE.length) !== SIGNATURE) return undefined;
  if (bytes.readBigUInt64LE(ENTRIES_AT) === 0n) return undefined;
  return {
    sequence: bytes.toString('hex', SEQUENCE_AT, SEQUENCE_AT + 16),
    headMicros: Number(bytes.readBigUInt64LE(HEAD_TIME_AT)),
    tailMicros: Number(bytes.readBigUInt64LE(TAIL_TIME_AT)),
    isArchived: ARCHIVED.test(name),
  };
}
