import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem, uptime } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HostStats } from './uptime-record.ts';

const run = promisify(execFile);

interface CpuTicks {
  busy: number;
  total: number;
}

function cpuTicks(): CpuTicks {
  const ticks = { busy: 0, total: 0 };
  for (const { times } of cpus()) {
    const total = times.user + times.nice + times.sys + times.idle + times.irq;
    ticks.total += total;
    ticks.busy += total - times.idle;
  }
  return ticks;
}

/** `MemAvailable` in bytes; undefined where the kernel does not tell it. systeminformation would fork for the same line. */
async function availableMemory(hostRoot: string): Promise<number | undefined> {
  try {
    const meminfo = await readFile(join(hostRoot, 'proc/meminfo'), 'utf8');
    const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo)?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}

/** Sessions as `who` lists them, the number `uptime` calls users; undefined where there is no `who`. */
async function userCount(): Promise<number | undefined> {
  try {
    const { stdout } = await run('who', [], { timeout: 5_000 });
    return stdout.split('\n').filter((line) => line !== '').length;
  } catch {
    return undefined;
  }
}

/** A function that takes one sample; CPU use counts from the sample before. `hostRoot` is where the host's `/` is mounted. */
export function createSampler(hostRoot: string): () => Promise<HostStats> {
  let previous: CpuTicks | undefined;
  return async () => {
    const ticks = cpuTicks();
    const elapsed = previous === undefined ? 0 : ticks.total - previous.total;
    const cpuPercent =
      previous === undefined || elapsed <= 0 ? undefined : ((ticks.busy - previous.busy) / elapsed) * 100;
    previous = ticks;
    const [load1m = 0, load5m = 0, load15m = 0] = loadavg();
    const [memoryAvailableBytes, users] = await Promise.all([availableMemory(hostRoot), userCount()]);
    return {
      uptimeSeconds: uptime(),
      load1m,
      load5m,
      load15m,
      cpuCount: cpus().length,
      cpuPercent,
      users,
      memoryTotalBytes: totalmem(),
      memoryAvailableBytes,
    };
  };
}
