import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { program } from './real.ts';
import { until } from './until.ts';

const run = promisify(execFile);
/** In a group of its own: without one two boxes share one, and their services. */
const GROUPS = ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified'].filter((path) => existsSync(path));
const BOOT_MS = 60_000;
const COMMAND_MS = 120_000;

/** Why no system with systemd can be booted here; undefined where it can. */
export function systemdBoxMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can boot a system';
  return program('systemd-nspawn') === undefined ? 'no systemd-nspawn (Debian: systemd-container)' : undefined;
}

/** A system with systemd of its own that was booted from a folder, has no network, and forgets all at its end. */
export class SystemdBox {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Boots `root`. The folder `shared` is its `/mnt`, for reading. `options` are more of systemd-nspawn's. */
  static async boot(t: TestContext, root: string, shared: string, options: string[] = []): Promise<SystemdBox> {
    const name = `infra-test-${process.pid}`;
    const groups = GROUPS.map((path) => join(path, name));
    for (const group of groups) mkdirSync(group, { recursive: true });
    const join_ = groups.map((group) => `echo $$ > ${group}/cgroup.procs;`).join(' ');
    const words = ['--quiet', '--boot', '--register=no', '--keep-unit', `--directory=${root}`, `--machine=${name}`];
    const more = [
      '--private-network',
      '--console=pipe',
      '--link-journal=no',
      '--volatile=overlay',
      `--bind-ro=${shared}:/mnt`,
      ...options,
    ];
    const command = `${join_} exec systemd-nspawn "$@"`;
    const child = spawn('sh', ['-c', command, 'sh', ...words, ...more], { stdio: ['ignore', 'ignore', 'inherit'] });
    t.after(async () => {
      const closed = once(child, 'close');
      if (child.exitCode === null && child.signalCode === null && child.kill()) await closed;
      for (const group of groups) await until(() => removed(group)).catch(() => undefined);
    });
    const box = new SystemdBox(child);
    await until(async () => (await box.try('systemctl', 'is-system-running')) === 'running', BOOT_MS);
    return box;
  }

  /** Runs a command in it; resolves to what it prints. Rejects where it fails, with what it says. */
  async run(...command: string[]): Promise<string> {
    const enter = ['-t', String(this.#init), '-m', '-u', '-i', '-n', '-p', '-C'];
    // npm's variables, NODE among them, are none of a host.
    const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };
    const options = { timeout: COMMAND_MS, maxBuffer: 2 ** 26, env };
    const { stdout } = await run('nsenter', [...enter, ...command], options);
    return stdout.trim();
  }

  /** As `run`, but resolves to undefined where the command fails. */
  try(...command: string[]): Promise<string | undefined> {
    return this.run(...command).catch(() => undefined);
  }

  /** Writes a file of its system. */
  write(path: string, text: string): void {
    const file = join('/proc', String(this.#init), 'root', path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }

  /** Its first process. What comes before it, while it is booted, is another one. */
  get #init(): number {
    const { pid } = this.#child;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    return Number(children[0]);
  }
}

function removed(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch {
    return !existsSync(group);
  }
}
