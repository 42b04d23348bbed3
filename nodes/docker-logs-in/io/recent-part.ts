import type { Position } from '../../../lib/file/position.ts';
import { closeFiles, identify, modifiedMs, openCandidate, orClose } from '../../../lib/io/file/candidate.ts';
import { readAt } from '../../../lib/io/file/read-at.ts';

/** So much of a log is read to find what was written in the moment in which its node was deployed, in bytes. */
const RECENT_BYTES = 65_536;
const NEWLINE = 10;

/** The position of a line near the end of the file at `path`. Rejects with the system's error. */
export async function recentPart(path: string): Promise<Position> {
  const file = await openCandidate(path);
  const position = await orClose([file], async () => {
    const from = Math.max(0, file.size - RECENT_BYTES);
    const last = await readAt(file.handle, from, file.size - from);
    const lineStart = from === 0 ? 0 : from + last.indexOf(NEWLINE) + 1;
    const { inode, head } = await identify(file);
    const { device } = file;
    return { path, files: [{ device, inode, head, position: lineStart, modifiedMs: modifiedMs(file) }], done: [] };
  });
  await closeFiles([file]);
  return position;
}
