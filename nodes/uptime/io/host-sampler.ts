import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { cpus, freemem, loadavg, totalmem, uptime } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  availableMemory,
  type CpuTicks,
  cpuPercent,
  isUserSession,
  parseArcstats,
  parseCpuCount,
  parseCpuTicks,
  parseLoad,
  parseMeminfo,
  parseUptime,
} from '../proc.ts';
import type { HostStats } from '../uptime-record.ts';

const run = promisify(execFile);

/** How long `who` may take, in milliseconds. */
const WHO_MS = 5_000;

/** The ticks as Node.js counts them, for systems without `/proc/stat`. */
function ownTicks(): CpuTicks {
  const ticks = { busy: 0, total: 0 };
  for (const { times } of cpus()) {
    const total = times.user + times.nice + times.sys + times.idle + times.irq;
    ticks.total += total;
    ticks.busy += total - times.idle;
  }
  return ticks;
}

/** The load as Node.js knows it. Windows has none, and Node.js says 0 there. */
function ownLoad(): number[] {
  return process.platform === 'win32' ? [] : loadavg();
}

function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** How many sessions systemd-logind keeps; undefined where there is no logind. */
async function sessionCount(hostRoot: string): Promise<number | undefined> {
  const folder = join(hostRoot, 'run/systemd/sessions');
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) return undefined;
  // Beside each session lies a pipe, `<name>.ref`, and reading it would never end.
  const sessions = await Promise.all(
    names.filter((name) => /^\w+$/.test(name)).map((name) => readText(join(folder, name))),
  );
  return sessions.filter(isUserSession).length;
}

/** What changes with every login: the file of the login records, and logind's folder of sessions. */
async function loginsChange(hostRoot: string): Promise<string> {
  const paths = ['run/utmp', 'run/systemd/sessions'].map((path) => join(hostRoot, path));
  const changes = await Promise.all(paths.map((path) => stat(path, { bigint: true }).catch(() => undefined)));
  return changes.map((change) => `${change?.ino} ${change?.size} ${change?.mtimeNs}`).join();
}

/** How many sessions `who` names, by the login records or by logind; undefined where it fails or is not installed. */
async function whoCount(args: string[], signal: AbortSignal | undefined): Promise<number | undefined> {
  try {
    const { stdout } = await run('who', args, { timeout: WHO_MS, signal });
    return stdout.split('\n').filter((line) => line !== '').length;
  } catch {
    return undefined;
  }
}

/** Takes samples of the host whose `/` is mounted at `hostRoot`. */
export class HostSampler {
  readonly #hostRoot: string;
  /** CPU use counts from the sample before. */
  #ticks: CpuTicks | undefined;
  /** The logins when `who` named nobody. */
  #emptyLogins: string | undefined;

  constructor(hostRoot: string) {
    this.#hostRoot = hostRoot;
  }

  /** One sample. Never rejects: what the host does not tell is taken from Node.js or is undefined. */
  async sample(signal?: AbortSignal): Promise<HostStats> {
    const [statText, load, meminfo, arcstats, up, bootId, users] = await Promise.all([
      this.#readProc('stat'),
      this.#readProc('loadavg'),
      this.#readProc('meminfo'),
      this.#readProc('spl/kstat/zfs/arcstats'),
      this.#readProc('uptime'),
      this.#readProc('sys/kernel/random/boot_id'),
      this.#userCount(signal),
    ]);
    const [load1m, load5m, load15m] = parseLoad(load) ?? ownLoad();
    const memory = parseMeminfo(meminfo);
    return {
      uptimeSeconds: parseUptime(up) ?? uptime(),
      bootId: bootId.trim() || undefined,
      load1m,
      load5m,
      load15m,
      cpuCount: parseCpuCount(statText) ?? cpus().length,
      cpuPercent: this.#cpuPercentSinceLast(parseCpuTicks(statText) ?? ownTicks()),
      users,
      memoryTotalBytes: memory.MemTotal ?? totalmem(),
      // Without /proc only the free memory is known.
      memoryAvailableBytes: meminfo === '' ? freemem() : availableMemory(memory, parseArcstats(arcstats)),
      swapTotalBytes: memory.SwapTotal,
      swapFreeBytes: memory.SwapFree,
    };
  }

  /**
   * Users as `uptime` counts them: one for each session. Newer systems keep no login records, and in a container `who` alone
   * would count those of the container: it is asked last, and there for the file of the host.
   */
  async #userCount(signal: AbortSignal | undefined): Promise<number | undefined> {
    const hostRoot = this.#hostRoot;
    const args = hostRoot === '/' ? [] : [join(hostRoot, 'run/utmp')];
    return (await sessionCount(hostRoot)) ?? (await this.#whoCount(args, signal));
  }

  /**
   * Most hosts are used by nobody: then `who` is asked again only once there was a login. Where it names somebody it is
   * asked each time, because a session can end without a record.
   */
  async #whoCount(args: string[], signal: AbortSignal | undefined): Promise<number | undefined> {
    const logins = await loginsChange(this.#hostRoot);
    if (logins === this.#emptyLogins) return 0;
    const count = await whoCount(args, signal);
    this.#emptyLogins = count === 0 ? logins : undefined;
    return count;
  }

  #readProc(name: string): Promise<string> {
    return readText(join(this.#hostRoot, 'proc', name));
  }

  #cpuPercentSinceLast(ticks: CpuTicks): number | undefined {
    const percent = cpuPercent(this.#ticks, ticks);
    this.#ticks = ticks;
    return percent;
  }
}
