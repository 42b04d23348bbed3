import { partOf } from '../../lib/figure.ts';

/** The texts of `/proc` that a sample is made of: proc(5). Undefined where a text is not what it should be. */

export interface CpuTicks {
  busy: number;
  total: number;
}

/** The first line of `/proc/stat`: ticks of all cores since boot. Waiting for a disk is not being busy. */
export function parseCpuTicks(stat: string): CpuTicks | undefined {
  const line = /^cpu +([\d ]+)$/m.exec(stat)?.[1];
  if (line === undefined) return undefined;
  // user nice system idle iowait irq softirq steal; guest time, which follows, is in user already.
  const ticks = line.split(' ').slice(0, 8).map(Number);
  const [, , , idle = 0, iowait = 0] = ticks;
  const total = ticks.reduce((sum, value) => sum + value, 0);
  return { busy: total - idle - iowait, total };
}

/** The cores that are online, from `/proc/stat`. */
export function parseCpuCount(stat: string): number | undefined {
  return stat.match(/^cpu\d+ /gm)?.length;
}

/** Percent of all cores between two samples; undefined where no time passed or the counters started anew. */
export function cpuPercent(before: CpuTicks | undefined, after: CpuTicks | undefined): number | undefined {
  if (before === undefined || after === undefined) return undefined;
  const total = after.total - before.total;
  const busy = after.busy - before.busy;
  return total <= 0 || busy < 0 ? undefined : Math.min(100, (busy / total) * 100);
}

export function parseLoad(loadavg: string): [number, number, number] | undefined {
  const found = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+) /.exec(loadavg);
  return found === null ? undefined : [Number(found[1]), Number(found[2]), Number(found[3])];
}

/** Seconds since boot. */
export function parseUptime(uptime: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?) /.exec(uptime)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Bytes by name: `MemTotal`, `MemAvailable`, `SwapTotal`, `SwapFree`, … */
export function parseMeminfo(meminfo: string): { [name: string]: number | undefined } {
  const bytes: { [name: string]: number } = {};
  for (const [, name = '', kibibytes] of meminfo.matchAll(/^(\w+):\s+(\d+) kB$/gm))
    bytes[name] = Number(kibibytes) * 1024;
  return bytes;
}

/** The cache of ZFS in memory, in bytes. */
export interface ZfsCache {
  size: number;
  /** What it keeps when memory is short. */
  least: number;
}

/** Reads `/proc/spl/kstat/zfs/arcstats`: a name, a type and a number in each line. */
export function parseArcstats(arcstats: string): ZfsCache | undefined {
  const bytes = (name: string): number => Number(new RegExp(`^${name} +\\d+ +(\\d+)$`, 'm').exec(arcstats)?.[1]);
  const [size, least] = [bytes('size'), bytes('c_min')];
  return Number.isNaN(size) || Number.isNaN(least) ? undefined : { size, least };
}

/**
 * Bytes of memory that programs can get. The kernel counts the cache of ZFS as used, though it gives back all but a least
 * part. In a container that sees the host's cache and memory of its own, the cache may be more than all that is used: there
 * it counts for nothing. Undefined where it is not told, or is more than there is.
 */
export function availableMemory(
  { MemTotal, MemFree, MemAvailable }: ReturnType<typeof parseMeminfo>,
  cache: ZfsCache | undefined,
): number | undefined {
  const available = partOf(MemAvailable, MemTotal);
  if (available === undefined || MemTotal === undefined) return undefined;
  const isOurs = cache !== undefined && cache.size <= MemTotal - (MemFree ?? 0);
  return Math.min(MemTotal, available + (isOurs ? Math.max(0, cache.size - cache.least) : 0));
}

/** Whether a file of `/run/systemd/sessions` is the session of a user, as `uptime` counts them. */
export function isUserSession(session: string): boolean {
  return /^CLASS=user/m.test(session) && !/^STATE=closing$/m.test(session);
}
