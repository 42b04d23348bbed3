import { isSameFile } from '../../file/fingerprint.ts';
import type { FilePosition } from '../../file/position.ts';
import { type Candidate, fingerprintCrc } from './candidate.ts';

/** The candidates that are in the checkpoint, in its order. */
export async function findSavedFiles(
  entries: readonly FilePosition[],
  candidates: readonly Candidate[],
): Promise<Map<Candidate, FilePosition>> {
  const found = new Map<Candidate, FilePosition>();
  for (const entry of entries) {
    const free = candidates.filter((candidate) => !found.has(candidate));
    const candidate = await findSavedFile(entry, free);
    if (candidate !== undefined) found.set(candidate, entry);
  }
  return found;
}

/** The file of an entry: the one with its inode, else the longest with its first bytes and all that was read. */
export async function findSavedFile(
  entry: FilePosition,
  candidates: readonly Candidate[],
): Promise<Candidate | undefined> {
  let copy: Candidate | undefined;
  for (const candidate of candidates) {
    const crc = await fingerprintCrc(candidate.handle, entry.head.length);
    if (!isSameFile(entry, candidate.inode, crc)) continue;
    if (candidate.inode === entry.inode) return candidate;
    if (candidate.size >= entry.position && candidate.size >= (copy?.size ?? 0)) copy = candidate;
  }
  return copy;
}
