import { execFile } from 'node:child_process';
import { readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorCode, MonitoringError } from '../../../lib/errors.ts';
import { orAbort } from '../../../lib/io/abort.ts';
import type { Semaphore } from '../../../lib/io/semaphore.ts';
import { withTimeout } from '../../../lib/io/timeout.ts';
import type { Measured } from '../measured.ts';
import { type Mount, parseMountinfo, underRoot } from '../mounts.ts';
import { parseStat, type StatFs, usageOf } from '../usage.ts';

const run = promisify(execFile);

/** Filesystems whose answer comes from another machine or another process, which may be gone. */
const REMOTE =
  /^(9p|afs|beegfs|ceph|cifs|davfs|fuse|gfs|glusterfs|gpfs|lustre|ncpfs|nfs|ocfs|smb|sshfs|vboxsf|virtiofs)/;

/**
 * Where there is no `/proc`, systeminformation knows how macOS, BSD and Windows list their mounts. It takes 10 MB, so it
 * is loaded only there. Its `fsSize()` runs `df`, which hangs with a dead mount: the caller sets a deadline.
 */
async function listElsewhere(): Promise<Mount[]> {
  const { default: information } = await import('systeminformation');
  const sizes = await information.fsSize();
  return sizes.map(({ fs, type, mount }) => ({ device: fs, fsType: type, mount, deviceId: fs, root: '/' }));
}

/** Where a mount is asked. Windows takes a drive by its root folder, `C:\`, and has no other place for it. */
function placeOf(hostRoot: string, mount: string): string {
  return process.platform === 'win32' ? `${mount}\\` : join(hostRoot, mount);
}

/**
 * The mount table of this process comes first: what it has under `hostRoot` is what it can measure. The table of the
 * host's first process also names mounts that never reached this container; it serves where `hostRoot` is no mount.
 */
async function listLinux(hostRoot: string): Promise<Mount[]> {
  const own = underRoot(parseMountinfo(await readFile('/proc/self/mountinfo', 'utf8')), hostRoot);
  if (own.length > 0) return own;
  const theirs = await readFile(join(hostRoot, 'proc/1/mountinfo'), 'utf8').catch(() =>
    readFile(join(hostRoot, 'proc/self/mountinfo'), 'utf8'),
  );
  return parseMountinfo(theirs);
}

/**
 * Asks the program `stat`: when the mount hangs, that process hangs and not a thread of this one. Rejects with `NO_ANSWER`
 * after the deadline.
 */
async function statByProcess(path: string, deadlineMs: number, signal: AbortSignal): Promise<StatFs> {
  // %S: FUSE counts its blocks in fragments, which Node's statfs() does not tell.
  const args = ['-f', '-c', '%S %b %f %a %c %d', path];
  // Its words for what failed are read by this process, too.
  const env = { ...process.env, LC_ALL: 'C' };
  const options = { timeout: deadlineMs, killSignal: 'SIGKILL', signal, env } as const;
  const { stdout } = await run('stat', args, options).catch((error) => {
    const { killed, stderr } = error as { killed?: boolean; stderr?: string };
    if (killed === true) throw new MonitoringError('NO_ANSWER', {}, { cause: error });
    throw stderr?.trim() ? new MonitoringError('STAT_FAILED', { reason: stderr.trim() }, { cause: error }) : error;
  });
  const stat = parseStat(stdout);
  if (stat === undefined) throw new MonitoringError('BAD_STAT_OUTPUT', { text: stdout.trim() });
  return stat;
}

export interface DiskReaderOptions {
  /** Where the host's `/` is mounted. */
  readonly hostRoot: string;
  /** How long one mount may take to answer. */
  readonly deadlineMs: number;
  /** The threads that a disk which hangs may hold; a mount that finds none is asked by a process of its own. */
  readonly threads: Semaphore;
  /** Ends all waits. */
  readonly signal: AbortSignal;
}

/** Lists the mounts of a host and measures them. A mount that hangs delays neither the others nor this process. */
export class DiskReader {
  readonly #options: DiskReaderOptions;
  /** The questions that are open, by mount point. A second one would only hang beside the first. */
  readonly #open = new Map<string, { askedMs: number; answer: Promise<Measured | undefined> }>();
  /** Mounts that missed a deadline once: they are asked by a process of their own from then on. */
  readonly #suspects = new Set<string>();
  #listing: Promise<Mount[]> | undefined;

  constructor(options: DiskReaderOptions) {
    this.#options = options;
  }

  /** The mounts as the host has them. Rejects with the error of the file system, or `MOUNTS_LATE` after the deadline. */
  mounts(): Promise<Mount[]> {
    const { hostRoot, deadlineMs } = this.#options;
    this.#listing ??= (process.platform === 'linux' ? listLinux(hostRoot) : listElsewhere()).finally(() => {
      this.#listing = undefined;
    });
    return withTimeout(this.#listing, deadlineMs, () => {
      throw new MonitoringError('MOUNTS_LATE', { seconds: deadlineMs / 1000 });
    });
  }

  /** Asks all mounts at once; none takes longer than the deadline. Rejects only when the signal aborts. */
  async measure(mounts: readonly Mount[]): Promise<Measured[]> {
    const measured = await Promise.all(mounts.map((mount) => this.#measureOne(mount)));
    return measured.filter((one) => one !== undefined);
  }

  #measureOne(mount: Mount): Promise<Measured | undefined> {
    const { deadlineMs, signal } = this.#options;
    const question = this.#open.get(mount.mount) ?? { askedMs: performance.now(), answer: this.#ask(mount) };
    this.#open.set(mount.mount, question);
    const ageMs = performance.now() - question.askedMs;
    return withTimeout(orAbort(question.answer, signal), Math.max(0, deadlineMs - ageMs), () => {
      this.#suspects.add(mount.mount);
      return { mount, staleMs: performance.now() - question.askedMs };
    });
  }

  async #ask(mount: Mount): Promise<Measured | undefined> {
    try {
      const answer = await this.#stat(mount);
      return answer.blocks === 0 ? undefined : { mount, usage: usageOf(answer) };
    } catch (error) {
      if (errorCode(error) === 'NO_ANSWER') return { mount, staleMs: this.#options.deadlineMs };
      // Unmounted since the list was read.
      if (errorCode(error) === 'ENOENT' && (error as NodeJS.ErrnoException).syscall === 'statfs') return undefined;
      return { mount, error };
    } finally {
      this.#open.delete(mount.mount);
    }
  }

  async #stat({ mount, fsType }: Mount): Promise<StatFs> {
    const { hostRoot, deadlineMs, threads, signal } = this.#options;
    const path = placeOf(hostRoot, mount);
    // Only Linux has the program `stat` that is understood here.
    const hasProgram = process.platform === 'linux';
    const isRisky = hasProgram && (REMOTE.test(fsType) || this.#suspects.has(mount));
    if (isRisky || !(await threads.acquire())) {
      if (!hasProgram) throw new MonitoringError('NO_ANSWER');
      return statByProcess(path, deadlineMs, signal);
    }
    try {
      // statfs(2) itself instead of systeminformation: it has the root reserve (bfree, bavail) and inodes, and forks nothing.
      return await statfs(path);
    } finally {
      threads.release();
    }
  }
}
