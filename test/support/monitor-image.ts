import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { bundleDigest, bundleFile } from './bundle.ts';
import { DEBIAN_13, debianMissing, debianRoot } from './debian.ts';
import type { TestEngine } from './docker.ts';
import { temporaryFolder } from './folder.ts';
import { madeOnce } from './made-once.ts';
import { packageRoot } from './node-red.ts';

const run = promisify(execFile);
const IMAGE_FOLDER = join(packageRoot, 'deploy/image');
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
 * Brings the image of `deploy/image` to an engine. It is built once, on a base that is made of Debian's packages, and kept as a
 * file until its inputs change: no registry is asked. Resolves to a folder with the files of `deploy/image`; undefined where
 * Debian cannot be had.
 */
export async function buildMonitorImage(engine: TestEngine): Promise<string | undefined> {
  const made = await debianRoot(DEBIAN_13);
  if ('reason' in made) return undefined;
  const folder = temporaryFolder();
  cpSync(IMAGE_FOLDER, folder, { recursive: true });
  let isBuilt = false;
  const kept = await madeOnce('image', imageDigest(), async (making) => {
    await buildOn(engine, made.root, folder);
    await engine.docker('save', '-o', join(making, 'image.tar'), MONITOR_IMAGE);
    isBuilt = true;
  });
  if (!isBuilt) await engine.docker('load', '-i', join(kept, 'image.tar'));
  return folder;
}

/** What changes with each file that may be in the image. */
function imageDigest(): string {
  const hash = createHash('sha256').update(bundleDigest()).update(JSON.stringify(DEBIAN_13));
  for (const name of readdirSync(IMAGE_FOLDER).sort()) hash.update(readFileSync(join(IMAGE_FOLDER, name)));
  return hash.digest('hex').slice(0, 16);
}

async function buildOn(engine: TestEngine, root: string, folder: string): Promise<void> {
  const tar = join(folder, 'base.tar');
  await run('tar', ['-C', root, ...LEFT_OUT.map((path) => `--exclude=${path}`), '-cf', tar, '.']);
  await engine.docker('import', '-c', `ENV PATH=${PATH}`, tar, BASE);
  rmSync(tar);
  const bundle = await bundleFile();
  const copy = join(folder, basename(bundle));
  try {
    linkSync(bundle, copy);
  } catch {
    copyFileSync(bundle, copy);
  }
  await engine.docker('build', '--network', 'none', '--build-arg', `BASE=${BASE}`, '-t', MONITOR_IMAGE, folder);
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
