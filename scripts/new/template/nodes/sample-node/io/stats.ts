import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MonitoringError } from '../../../lib/errors.ts';
import { parseFileNr, type SampleNodeStats } from '../sample-node-record.ts';

/** Reads one sample. `hostRoot` is where the host's `/` is mounted. Rejects where the file is missing or another one. */
export async function readStats(hostRoot: string): Promise<SampleNodeStats> {
  const path = join(hostRoot, 'proc/sys/fs/file-nr');
  const stats = parseFileNr(await readFile(path, 'utf8'));
  if (stats === undefined) throw new MonitoringError('UNEXPECTED_TEXT', { path });
  return stats;
}
