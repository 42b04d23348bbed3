import { type Position, parsePosition } from './file/position.ts';
import { type JournalPosition, parseJournalPosition } from './journal/position.ts';

/** What a node keeps over a restart: how far it read the files of a log, or the journal. */
export type AuthCheckpoint = { file: Position } | { journal: JournalPosition };

/** The checkpoint in a state file. Undefined where the value is none. */
export function parseCheckpoint(value: unknown): AuthCheckpoint | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('file' in value) {
    const file = parsePosition(value.file);
    return file === undefined ? undefined : { file };
  }
  const journal = 'journal' in value ? parseJournalPosition(value.journal) : undefined;
  return journal === undefined ? undefined : { journal };
}
