import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { program } from './real.ts';

const run = promisify(execFile);

const CACHE = new URL('../../.cache', import.meta.url).pathname;
const SOURCES = '/etc/apt/sources.list.d';
const LIMIT_MS = 150_000;

/** A root of Debian: its suite, the packages in it, and the name of its folder. */
export interface DebianRoot {
  readonly name: string;
  readonly suite: string;
  readonly packages: readonly string[];
}

/** With sshd, booted as a system, and as the base of an image: one root for all. */
export const DEBIAN_13: DebianRoot = {
  name: 'debian13',
  suite: 'trixie',
  packages: ['openssh-server', 'systemd', 'systemd-sysv', 'dbus', 'libstdc++6', 'tini'],
};
export const DEBIAN_12_SYSTEMD: DebianRoot = {
  name: 'debian12-systemd',
  suite: 'bookworm',
  packages: ['systemd', 'systemd-sysv', 'dbus', 'libstdc++6'],
};

/** Why this root cannot be made here; undefined where it may be. */
export function debianMissing({ name }: DebianRoot): string | undefined {
  if (existsSync(join(CACHE, name))) return undefined;
  if (process.getuid?.() !== 0) return 'only root can make a root of Debian';
  if (program('debootstrap') === undefined) return 'no debootstrap (Debian: debootstrap)';
  return mirror() === undefined ? `no mirror of Debian in ${SOURCES}` : undefined;
}

/**
 * The folder of this root. It is made once, by the first test that needs it: that takes about a minute, and a mirror of
 * Debian. Where it cannot be made, a text that says why.
 */
export async function debianRoot({
  name,
  suite,
  packages,
}: DebianRoot): Promise<{ root: string } | { reason: string }> {
  const root = join(CACHE, name);
  if (existsSync(root)) return { root };
  const making = `${root}-${process.pid}`;
  mkdirSync(CACHE, { recursive: true });
  try {
    const options = ['--variant=minbase', `--include=${packages.join()}`];
    await run('debootstrap', [...options, suite, making, mirror() ?? ''], { timeout: LIMIT_MS });
    if (!existsSync(root)) renameSync(making, root);
    return { root };
  } catch (error) {
    return { reason: `Debian's ${suite} cannot be made here: ${String(error).slice(0, 200)}` };
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

function mirror(): string | undefined {
  if (!existsSync(SOURCES)) return undefined;
  for (const name of readdirSync(SOURCES)) {
    const uri = /^URIs: (http\S+debian\/?)$/m.exec(readFileSync(join(SOURCES, name), 'utf8'))?.[1];
    if (uri !== undefined) return uri;
  }
  return undefined;
}
