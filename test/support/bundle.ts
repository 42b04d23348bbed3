import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { madeOnce } from './made-once.ts';
import { packageRoot } from './node-red.ts';

const run = promisify(execFile);
const SOURCES = [
  ...['package.json', 'package-lock.json', 'LICENSE'],
  ...['nodes', 'plugins', 'lib', 'flows', 'icons', 'deploy/install.sh', 'deploy/systemd'],
  ...['scripts/build', 'scripts/bundle', 'scripts/start', 'scripts/build.js', 'scripts/bundle.js'],
];

/** What changes with each file that may be in the bundle. */
export function bundleDigest(): string {
  const hash = createHash('sha256');
  const add = (path: string): void => {
    if (statSync(path).isFile()) hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  };
  for (const source of SOURCES) {
    const path = join(packageRoot, source);
    add(path);
    if (!statSync(path).isDirectory()) continue;
    for (const name of (readdirSync(path, { recursive: true }) as string[]).sort()) add(join(path, name));
  }
  return hash.digest('hex').slice(0, 16);
}

let made: Promise<string> | undefined;

/** The file that `npm run bundle` makes of the package as it is built. It is made once for all tests that need it. */
export function bundleFile(): Promise<string> {
  made ??= makeBundle();
  return made;
}

async function makeBundle(): Promise<string> {
  const folder = await madeOnce('bundle', bundleDigest(), async (making) => {
    // Packed less tightly: most of the time goes there.
    const env = { ...process.env, GZIP: '-1' };
    await run(process.execPath, [join(packageRoot, 'scripts/bundle.js'), making], { env });
  });
  const [name] = readdirSync(folder);
  if (name === undefined) throw new Error(`there is no bundle in ${folder}`);
  return join(folder, name);
}

/** The bundle as it lies on a host after `tar -x` in `folder`. */
export async function unpackedBundle(folder: string): Promise<string> {
  await run('tar', ['-C', folder, '-xzf', await bundleFile()]);
  const [name] = readdirSync(folder);
  return join(folder, name ?? '');
}
