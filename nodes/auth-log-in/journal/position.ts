import { isPlausibleTime } from '../../../lib/plausible-time.ts';
import { cursorMicros } from './cursor.ts';
import type { JournalFile } from './file-header.ts';

/** Where reading goes on: after an entry or, where none was read yet, from a time. With neither, at the beginning. */
export interface JournalPosition {
  cursor?: string;
  /** Microseconds since the epoch. */
  sinceMicros?: number;
  /** The numberings that are read as far as the cursor or the time says. One that is not among them was begun later. */
  sequences?: readonly string[];
}

/** A cursor as journald makes it; it becomes an argument of a program. */
const CURSOR = /^[\w=;+/.-]{1,1024}$/;
const SEQUENCE = /^[0-9a-f]{1,32}$/;
/** A host has a few numberings: one more for each journal that a crash left damaged. */
const MOST_SEQUENCES = 1024;

/** The position in a state file. Undefined where the value is none, or is of a time after `nowMs`. */
export function parseJournalPosition(value: unknown, nowMs: number): JournalPosition | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { cursor, sinceMicros, sequences } = value as { [name: string]: unknown };
  const isTime = (micros: number): boolean => isPlausibleTime(micros / 1000, nowMs);
  const known = isSequences(sequences) ? { sequences } : {};
  if (sequences !== undefined && known.sequences === undefined) return undefined;
  if (typeof cursor === 'string')
    return CURSOR.test(cursor) && isTime(cursorMicros(cursor) ?? 0) ? { cursor, ...known } : undefined;
  if (typeof sinceMicros === 'number') return isTime(sinceMicros) ? { sinceMicros, ...known } : undefined;
  return cursor === undefined && sinceMicros === undefined ? known : undefined;
}

function isSequences(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length <= MOST_SEQUENCES &&
    value.every((one) => typeof one === 'string' && SEQUENCE.test(one))
  );
}

/** The time up to which a position has read, in microseconds since the epoch; undefined where it says none. */
export function positionMicros({ cursor, sinceMicros }: JournalPosition): number | undefined {
  return cursor === undefined ? sinceMicros : cursorMicros(cursor);
}

/** Entries that were written after the position, and that nobody finds who goes on from it in the order of time. */
export interface Behind {
  /** The time of the first of them, or of the position where that is earlier, in microseconds since the epoch. */
  readonly sinceMicros: number;
  /** Whether what is written now is later than all else again. */
  readonly isOver: boolean;
}

/** A clock that is more than a day ahead is one that was wrong when it wrote. */
const AHEAD_MICROS = 86_400_000_000;

/**
 * What the files have that is not read, and that a journalctl that goes on from the position would not print: it knows the
 * order of entries in two numberings by their times alone. Where a numbering was begun with a clock that had been set back,
 * as after a power cut on a board without a battery, its first entries are older than what was read last.
 */
export function findBehind(
  position: JournalPosition,
  files: readonly JournalFile[],
  nowMs: number,
): Behind | undefined {
  const micros = positionMicros(position);
  const { sequences } = position;
  if (sequences === undefined || micros === undefined) return undefined;
  const begun = files.filter(({ sequence }) => !sequences.includes(sequence));
  if (begun.length === 0) return undefined;
  const sinceMicros = Math.min(micros, ...begun.map(({ headMicros }) => headMicros));
  const writtenMicros = Math.max(
    0,
    ...files.filter(({ isArchived }) => !isArchived).map(({ tailMicros }) => tailMicros),
  );
  const others = [micros, ...files.map(({ tailMicros }) => tailMicros)];
  const isOver = writtenMicros >= Math.max(...others.filter((other) => other < nowMs * 1000 + AHEAD_MICROS));
  return sinceMicros < micros || !isOver ? { sinceMicros, isOver } : undefined;
}

/** Whether the entry of a cursor is later than a position. */
export function isAfter(cursor: string, position: JournalPosition): boolean {
  return (cursorMicros(cursor) ?? 0) > (positionMicros(position) ?? 0);
}

/** The numberings of the files. Undefined where there are too many to keep. */
export function sequencesOf(files: readonly JournalFile[]): readonly string[] | undefined {
  const sequences = [...new Set(files.map(({ sequence }) => sequence))];
  return sequences.length > MOST_SEQUENCES ? undefined : sequences;
}
