import { open } from 'node:fs/promises';
import type { Position } from '../../../lib/file/position.ts';
import { createLineReader } from '../message/record.ts';

/** So much is read to find the time of a line. */
const LINE_BYTES = 4096;

/**
 * Up to when a log in files was read, in ms since the epoch, for one who goes on elsewhere: when the files were last changed
 * or, where the log has lines that were not read, the time of the first of them. Undefined where no file was read.
 */
export async function readToMs({ path, files }: Position, zone: string): Promise<number | undefined> {
  const changedMs = files.filter(({ ended }) => ended !== true).map(({ modifiedMs }) => modifiedMs);
  const last = files.at(-1);
  if (last === undefined) return undefined;
  const unreadMs = await unreadLineMs(path, last.inode, last.position, zone).catch(() => undefined);
  return Math.min(...changedMs, unreadMs ?? last.modifiedMs);
}

async function unreadLineMs(path: string, inode: string, position: number, zone: string): Promise<number | undefined> {
  const file = await open(path);
  try {
    const { ino, size, mtimeMs } = await file.stat();
    if (String(ino) !== inode || size <= position) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LINE_BYTES), 0, LINE_BYTES, position);
    const line = buffer.toString('utf8', 0, bytesRead).split('\n', 1)[0] ?? '';
    return Date.parse(createLineReader({ host: '', zone, rawLine: false }).fromLine(line, '', mtimeMs).time);
  } finally {
    await file.close();
  }
}
