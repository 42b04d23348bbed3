import { spanText } from '../../lib/duration.ts';
import { type InfraRecord, record, Severity } from '../../lib/record.ts';

export interface HostStats {
  uptimeSeconds: number;
  load1m: number;
  load5m: number;
  load15m: number;
  cpuCount: number;
  /** Percent of all cores since the last sample; undefined in the first one. */
  cpuPercent: number | undefined;
  users: number | undefined;
  memoryTotalBytes: number;
  memoryAvailableBytes: number | undefined;
}

export function loadText(load: number): string {
  return load.toFixed(2);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** The contract's `uptime` record. `nowMs` is the time of the sample in ms since the epoch. */
export function uptimeRecord(stats: HostStats, host: string, nowMs: number): InfraRecord {
  const { memoryTotalBytes: total, memoryAvailableBytes: available } = stats;
  const load = [stats.load1m, stats.load5m, stats.load15m].map(loadText).join(', ');
  const users = stats.users === undefined ? '' : `, ${stats.users} users`;
  const time = new Date(nowMs).toISOString();
  return record(
    {
      log_type: 'uptime',
      time,
      host,
      level: Severity.info,
      message: `up ${spanText(stats.uptimeSeconds)}${users}, load average: ${load}`,
      event_id: `uptime-${host}-${nowMs}`,
    },
    {
      uptime_seconds: Math.floor(stats.uptimeSeconds),
      load_1m: round(stats.load1m, 2),
      load_5m: round(stats.load5m, 2),
      load_15m: round(stats.load15m, 2),
      cpu_count: stats.cpuCount,
      cpu_percent: stats.cpuPercent === undefined ? undefined : round(stats.cpuPercent, 1),
      users: stats.users,
      memory_total_bytes: total,
      memory_available_bytes: available,
      memory_used_percent: available === undefined ? undefined : round(((total - available) / total) * 100, 1),
    },
  );
}
