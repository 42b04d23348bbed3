import { type InfraRecord, record, Severity } from '../../lib/record.ts';

export interface SampleNodeStats {
  openFiles: number;
}

/** The text of `/proc/sys/fs/file-nr`, proc(5): how many files are open comes first. Undefined where it is another text. */
export function parseFileNr(text: string): SampleNodeStats | undefined {
  const found = /^(\d+)\s/.exec(text)?.[1];
  return found === undefined ? undefined : { openFiles: Number(found) };
}

/** The `sample_node` record. `nowMs` is the time of the sample in ms since the epoch. */
export function sampleNodeRecord(stats: SampleNodeStats, host: string, nowMs: number): InfraRecord {
  return record(
    {
      log_type: 'sample_node',
      time: new Date(nowMs).toISOString(),
      host,
      level: Severity.info,
      message: `${stats.openFiles} open files`,
      event_id: `sample-node-${host}-${nowMs}`,
    },
    { open_files: stats.openFiles },
  );
}
