import { execFile } from 'node:child_process';
import { readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorCode, reason } from '../../../lib/errors.ts';
import type { Semaphore } from '../../../lib/io/semaphore.ts';
import { withTimeout } from '../../../lib/io/timeout.ts';
import type { Measured } from '../disk-record.ts';
import { type Mount, parseMountinfo, underRoot } from '../mounts.ts';
import { parseStat, type StatFs, usageOf } from '../usage.ts';

const run = promisify(execFile);

/** Filesystems whose answer comes from another machine or another process, which may be gone. */
const REMOTE =
  /^(9p|afs|beegfs|ceph|cifs|davfs|fuse|gfs|glusterfs|gpfs|lustre|ncpfs|nfs|ocfs|smb|sshfs|vboxsf|virtiofs)/;

export interface DiskReader {
  /** The mounts as the host at `hostRoot` has them. Rejects with the error of the file system. */
  mounts(): Promise<Mount[]>;
  /** Asks each mount at once; none waits for another, and none takes longer than the deadline. Never rejects. */
  measure(mounts: readonly Mount[]): Promise<Measured[]>;
}

/**
 * Where there is no `/proc`: the names come from systeminformation, which knows how macOS, BSD and Windows list them. It
 * takes 10 MB, so it is loaded only then. Its `fsSize()` runs `df`, which a dead mount hangs: hence the deadline above it.
 */
async function listElsewhere(): Promise<Mount[]> {
  const { default: information } = await import('systeminformation');
  const sizes = await information.fsSize();
  return sizes.map(({ fs, type, mount }) => ({ device: fs, fsType: type, mount, deviceId: fs, root: '/' }));
}

/**
 * What this process has under `hostRoot` is what it can measure, so its own mount table comes first; the table of the
 * host's first process names mounts too that never reached this container. It serves where `hostRoot` is no mount.
 */
async function listLinux(hostRoot: string): Promise<Mount[]> {
  const own = underRoot(parseMountinfo(await readFile('/proc/self/mountinfo', 'utf8')), hostRoot);
  if (own.length > 0) return own;
  const theirs = await readFile(join(hostRoot, 'proc/1/mountinfo'), 'utf8').catch(() =>
    readFile(join(hostRoot, 'proc/self/mountinfo'), 'utf8'),
  );
  return parseMountinfo(theirs);
}

/** A `stat` of its own process: when the mount hangs, it is that process that hangs, not a thread of this one. */
async function statByProcess(path: string, deadlineMs: number): Promise<StatFs> {
  // %S: FUSE counts its blocks in fragments, which Node's statfs() does not tell.
  const format = '%S %b %f %a %c %d';
  const { stdout } = await run('stat', ['-f', '-c', format, path], { timeout: deadlineMs, killSignal: 'SIGKILL' });
  const stat = parseStat(stdout);
  if (stat === undefined) throw new Error(`stat says ${stdout.trim()}`);
  return stat;
}

/** `lanes` are the threads that a disk which hangs may hold; what finds none is asked by a process of its own. */
export function createDiskReader(hostRoot: string, deadlineMs: number, lanes: Semaphore): DiskReader {
  /** The questions that are still open, by mount point. A second one would only hang beside the first. */
  const open = new Map<string, { askedMs: number; answer: Promise<Measured | undefined> }>();
  /** Mounts that were late once: they are asked from a process of its own. */
  const suspects = new Set<string>();
  let listing: Promise<Mount[]> | undefined;

  const stat = async ({ mount, fsType }: Mount): Promise<StatFs> => {
    const path = join(hostRoot, mount);
    const apart = process.platform !== 'win32' && (REMOTE.test(fsType) || suspects.has(mount));
    if (apart || !(await lanes.acquire())) return statByProcess(path, deadlineMs);
    try {
      // statfs(2) itself instead of systeminformation: it has the root reserve (bfree, bavail) and inodes, and forks nothing.
      return await statfs(path);
    } finally {
      lanes.release();
    }
  };

  const ask = async (mount: Mount): Promise<Measured | undefined> => {
    try {
      const answer = await stat(mount);
      return answer.blocks === 0 ? undefined : { mount, usage: usageOf(answer) };
    } catch (error) {
      if ((error as { killed?: boolean }).killed === true) return { mount, staleMs: deadlineMs };
      // Unmounted since the list was read.
      if (errorCode(error) === 'ENOENT' && (error as NodeJS.ErrnoException).syscall === 'statfs') return undefined;
      return { mount, fault: (error as { stderr?: string }).stderr?.trim() || reason(error) };
    } finally {
      open.delete(mount.mount);
    }
  };

  const measureOne = (mount: Mount): Promise<Measured | undefined> => {
    const question = open.get(mount.mount) ?? { askedMs: performance.now(), answer: ask(mount) };
    open.set(mount.mount, question);
    const age = performance.now() - question.askedMs;
    return withTimeout(question.answer, Math.max(0, deadlineMs - age), () => {
      suspects.add(mount.mount);
      return { mount, staleMs: performance.now() - question.askedMs };
    });
  };

  return {
    mounts() {
      listing ??= (process.platform === 'linux' ? listLinux(hostRoot) : listElsewhere()).finally(() => {
        listing = undefined;
      });
      return withTimeout(listing, deadlineMs, () => {
        throw new Error(`the list of mounts did not come within ${deadlineMs / 1000} s`);
      });
    },
    async measure(mounts) {
      const measured = await Promise.all(mounts.map(measureOne));
      return measured.filter((one) => one !== undefined);
    },
  };
}
