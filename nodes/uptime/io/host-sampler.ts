import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { cpus, freemem, loadavg, totalmem, uptime } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type CpuTicks,
  cpuPercent,
  isUserSession,
  parseCpuCount,
  parseCpuTicks,
  parseLoad,
  parseMeminfo,
  parseUptime,
} from '../proc.ts';
import type { HostStats } from '../uptime-record.ts';

const run = promisify(execFile);

/** The same of Node.js, where there is no `/proc/stat`. */
function ownTicks(): CpuTicks {
  const ticks = { busy: 0, total: 0 };
  for (const { times } of cpus()) {
    const total = times.user + times.nice + times.sys + times.idle + times.irq;
    ticks.total += total;
    ticks.busy += total - times.idle;
  }
  return ticks;
}

function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** Sessions as systemd-logind keeps them; undefined where there is none. */
async function sessionCount(hostRoot: string): Promise<number | undefined> {
  const folder = join(hostRoot, 'run/systemd/sessions');
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) return undefined;
  // Beside each session lies a pipe named like it with `.ref`, which would never end.
  const sessions = await Promise.all(
    names.filter((name) => /^\w+$/.test(name)).map((name) => readText(join(folder, name))),
  );
  return sessions.filter(isUserSession).length;
}

/** Lines of `who`, which reads the login records or asks logind as this system does; undefined where there is no `who`. */
async function whoCount(args: string[]): Promise<number | undefined> {
  try {
    const { stdout } = await run('who', args, { timeout: 5_000 });
    return stdout.split('\n').filter((line) => line !== '').length;
  } catch {
    return undefined;
  }
}

/** Users as `uptime` counts them: one for each session. In a container `who` would look at the container. */
async function userCount(hostRoot: string): Promise<number | undefined> {
  return hostRoot === '/'
    ? ((await whoCount([])) ?? (await sessionCount(hostRoot)))
    : ((await sessionCount(hostRoot)) ?? (await whoCount([join(hostRoot, 'run/utmp')])));
}

/** A function that takes one sample; CPU use counts from the sample before. `hostRoot` is where the host's `/` is mounted. */
export function createSampler(hostRoot: string): () => Promise<HostStats> {
  let previous: CpuTicks | undefined;
  return async () => {
    const proc = (name: string): Promise<string> => readText(join(hostRoot, 'proc', name));
    const [stat, load, meminfo, up, bootId, users] = await Promise.all([
      proc('stat'),
      proc('loadavg'),
      proc('meminfo'),
      proc('uptime'),
      proc('sys/kernel/random/boot_id'),
      userCount(hostRoot),
    ]);
    const ticks = parseCpuTicks(stat) ?? ownTicks();
    const cpu = cpuPercent(previous, ticks);
    previous = ticks;
    const [load1m = 0, load5m = 0, load15m = 0] = parseLoad(load) ?? loadavg();
    const memory = parseMeminfo(meminfo);
    return {
      uptimeSeconds: parseUptime(up) ?? uptime(),
      bootId: bootId.trim() || undefined,
      load1m,
      load5m,
      load15m,
      cpuCount: parseCpuCount(stat) ?? cpus().length,
      cpuPercent: cpu,
      users,
      memoryTotalBytes: memory.MemTotal ?? totalmem(),
      // Without /proc the system's own word for free memory is all there is.
      memoryAvailableBytes: meminfo === '' ? freemem() : memory.MemAvailable,
      swapTotalBytes: memory.SwapTotal,
      swapFreeBytes: memory.SwapFree,
    };
  };
}
