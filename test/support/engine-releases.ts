import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { packageRoot } from './node-red.ts';
import { program } from './real.ts';

/** `installed`: the engine of this machine. `newer`: one of a later Debian, which `.ci/newer-docker trixie` fetches. */
export type EngineRelease = 'installed' | 'newer';

export const ENGINE_RELEASES: readonly EngineRelease[] = ['installed', 'newer'];

const NEWER = join(packageRoot, '.cache/docker-trixie');

/** The path of dockerd; undefined where this machine does not have the release. */
export function dockerdOf(release: EngineRelease): string | undefined {
  if (release === 'installed') return program('dockerd');
  const path = join(NEWER, 'usr/sbin/dockerd');
  return existsSync(path) ? path : undefined;
}

/** The `PATH` that dockerd finds its own containerd with; runc is this machine's. */
export function pathFor(release: EngineRelease): string {
  const path = process.env.PATH ?? '';
  if (release === 'installed') return path;
  return [join(NEWER, 'usr/bin'), join(NEWER, 'usr/sbin'), path, '/usr/sbin', '/sbin'].join(delimiter);
}
