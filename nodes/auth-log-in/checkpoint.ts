import { type Position, parsePosition } from '../../lib/file/position.ts';
import { parseMemory, type SavedMemory } from './connections/saved.ts';
import { type JournalPosition, parseJournalPosition } from './journal/position.ts';

/** What a node keeps over a restart: how far it read the files of a log, or the journal, and what it knew there. */
export type AuthCheckpoint = ({ file: Position } | { journal: JournalPosition }) & {
  /** Of the connections that were logged before the position. Missing in what older versions of this package wrote. */
  connections?: SavedMemory;
};

/** The checkpoint in a state file. Undefined where the value is none, or is of a time after `nowMs`. */
export function parseCheckpoint(value: unknown, nowMs: number): AuthCheckpoint | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const connections = 'connections' in value ? parseMemory(value.connections) : undefined;
  const known = connections === undefined ? {} : { connections };
  if ('file' in value) {
    const file = parsePosition(value.file, nowMs);
    return file === undefined ? undefined : { file, ...known };
  }
  const journal = 'journal' in value ? parseJournalPosition(value.journal, nowMs) : undefined;
  return journal === undefined ? undefined : { journal, ...known };
}
