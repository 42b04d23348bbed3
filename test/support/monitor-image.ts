import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, linkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { bundleFile } from './bundle.ts';
import { DEBIAN_13, debianMissing, debianRoot } from './debian.ts';
import type { TestEngine } from './docker.ts';
import { temporaryFolder } from './folder.ts';
import { packageRoot } from './node-red.ts';

const run = promisify(execFile);
const BASE = 'infra-monitoring-test:debian13';
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** What of a root is made by the engine, or is no part of an image. */
const LEFT_OUT = ['./proc/*', './sys/*', './dev/*', './var/cache/apt/*', './var/lib/apt/lists/*'];

/** The image that `deploy/image` builds. */
export const MONITOR_IMAGE = 'infra-monitoring:0.1.0';

/** Why the image cannot be built here; undefined where it can. */
export function missingForMonitorImage(): string | undefined {
  return debianMissing(DEBIAN_13);
}

/**
 * Builds the image of `deploy/image` on a base that is made of Debian's packages: no registry is asked. Resolves to the folder
 * that it was built in, which has the files of `deploy/image` and the bundle; undefined where Debian cannot be had.
 */
export async function buildMonitorImage(engine: TestEngine): Promise<string | undefined> {
  const made = await debianRoot(DEBIAN_13);
  if ('reason' in made) return undefined;
  const folder = temporaryFolder();
  const tar = join(folder, 'base.tar');
  await run('tar', ['-C', made.root, ...LEFT_OUT.map((path) => `--exclude=${path}`), '-cf', tar, '.']);
  await engine.docker('import', '-c', `ENV PATH=${PATH}`, tar, BASE);
  execFileSync('rm', [tar]);
  cpSync(join(packageRoot, 'deploy/image'), folder, { recursive: true });
  const bundle = await bundleFile();
  const copy = join(folder, basename(bundle));
  try {
    linkSync(bundle, copy);
  } catch {
    copyFileSync(bundle, copy);
  }
  await engine.docker('build', '--network', 'none', '--build-arg', `BASE=${BASE}`, '-t', MONITOR_IMAGE, folder);
  return folder;
}

/** Builds an image that differs from the monitor's in some lines of a Dockerfile. */
export async function buildVariant(engine: TestEngine, name: string, lines: string[]): Promise<void> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'Dockerfile'), [`FROM ${MONITOR_IMAGE}`, ...lines, ''].join('\n'));
  await engine.docker('build', '--network', 'none', '-t', name, folder);
}

/** Whether a file is for processors of the kind AArch64 (elf(5): e_machine). */
export function isForArm64(header: Buffer): boolean {
  return header.subarray(0, 4).toString('latin1') === '\x7fELF' && header.readUInt16LE(18) === 183;
}
