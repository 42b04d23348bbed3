import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { program } from './real.ts';

const run = promisify(execFile);

/** Made once, by the first test that needs it: it takes about half a minute, and a mirror of Debian. */
const ROOT = new URL('../../.cache/debian13-sshd', import.meta.url).pathname;
const SOURCES = '/etc/apt/sources.list.d';
const LIMIT_MS = 150_000;

/** Why a root of Debian 13 cannot be made here; undefined where it may be. */
export function debian13Missing(): string | undefined {
  if (existsSync(ROOT)) return undefined;
  if (process.getuid?.() !== 0) return 'only root can make a root of Debian 13';
  if (program('debootstrap') === undefined) return 'no debootstrap (Debian: debootstrap)';
  return mirror() === undefined ? `no mirror of Debian in ${SOURCES}` : undefined;
}

/** The root of a Debian 13 with its sshd. Where it cannot be made, a text that says why. */
export async function debian13Root(): Promise<{ root: string } | { reason: string }> {
  if (existsSync(ROOT)) return { root: ROOT };
  const making = `${ROOT}-${process.pid}`;
  mkdirSync(join(ROOT, '..'), { recursive: true });
  try {
    const options = ['--variant=minbase', '--include=openssh-server'];
    await run('debootstrap', [...options, 'trixie', making, mirror() ?? ''], { timeout: LIMIT_MS });
    if (!existsSync(ROOT)) renameSync(making, ROOT);
    return { root: ROOT };
  } catch (error) {
    return { reason: `Debian 13 cannot be made here: ${String(error).slice(0, 200)}` };
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
