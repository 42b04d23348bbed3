import { spanText } from '../../lib/duration.ts';
import { partOf, possibleFigures } from '../../lib/figure.ts';
import { type InfraRecord, record, Severity } from '../../lib/record.ts';

export interface HostStats {
  uptimeSeconds: number;
  /** The kernel's name for this boot; undefined where it gives none. */
  bootId: string | undefined;
  /** Undefined where the system counts none. */
  load1m: number | undefined;
  load5m: number | undefined;
  load15m: number | undefined;
  cpuCount: number;
  /** Percent of all cores since the last sample; undefined in the first one. */
  cpuPercent: number | undefined;
  users: number | undefined;
  memoryTotalBytes: number;
  memoryAvailableBytes: number | undefined;
  swapTotalBytes: number | undefined;
  swapFreeBytes: number | undefined;
}

export function loadText(load: number): string {
  return load.toFixed(2);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Percent of `total` that is not `free`; undefined where one is not known or there is nothing to use. */
function usedPercent(total: number | undefined, free: number | undefined): number | undefined {
  return total === undefined || free === undefined || total <= 0 ? undefined : round(((total - free) / total) * 100, 1);
}

/** The contract's `uptime` record. `nowMs` is the time of the sample in ms since the epoch. */
export function uptimeRecord(stats: HostStats, host: string, nowMs: number): InfraRecord {
  const { cpuCount, swapTotalBytes } = stats;
  // A container may be told of more than there is.
  const swapFreeBytes = partOf(stats.swapFreeBytes, swapTotalBytes);
  const { load1m, load5m, load15m } = stats;
  const loads = [load1m, load5m, load15m].flatMap((value) => (value === undefined ? [] : loadText(value)));
  const load = loads.length === 0 ? '' : `, load average: ${loads.join(', ')}`;
  const users = stats.users === undefined ? '' : `, ${stats.users} ${stats.users === 1 ? 'user' : 'users'}`;
  const rounded = (value: number | undefined, digits: number, by = 1): number | undefined =>
    value === undefined ? undefined : round(value / by, digits);
  const perCore = (value: number | undefined): number | undefined => rounded(value, 3, Math.max(1, cpuCount));
  return record(
    {
      log_type: 'uptime',
      time: new Date(nowMs).toISOString(),
      host,
      level: Severity.info,
      message: `up ${spanText(stats.uptimeSeconds)}${users}${load}`,
      event_id: `uptime-${host}-${nowMs}`,
    },
    possibleFigures({
      uptime_seconds: Math.floor(stats.uptimeSeconds),
      load_1m: rounded(load1m, 2),
      load_5m: rounded(load5m, 2),
      load_15m: rounded(load15m, 2),
      load_per_core_1m: perCore(load1m),
      load_per_core_5m: perCore(load5m),
      load_per_core_15m: perCore(load15m),
      cpu_count: cpuCount,
      cpu_percent: rounded(stats.cpuPercent, 1),
      users: stats.users,
      memory_total_bytes: stats.memoryTotalBytes,
      memory_available_bytes: stats.memoryAvailableBytes,
      memory_used_percent: usedPercent(stats.memoryTotalBytes, stats.memoryAvailableBytes),
      swap_total_bytes: swapTotalBytes,
      swap_used_bytes:
        swapTotalBytes === undefined || swapFreeBytes === undefined ? undefined : swapTotalBytes - swapFreeBytes,
      swap_used_percent: usedPercent(swapTotalBytes, swapFreeBytes),
    }),
  );
}
