import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The environment for an npm of another folder: what an outer `npm test` says of itself and of the clone is left out. */
export function npmEnvironment(): NodeJS.ProcessEnv {
  const own = /^npm_(package_|lifecycle_|command|execpath|node_execpath|config_(local_prefix|loglevel|silent)$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

/** Runs npm in a folder and gives what it prints; rejects with its errors. */
export async function npm(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('npm', [...args, '--loglevel=error'], {
    cwd: folder,
    env: npmEnvironment(),
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** Whether the registry answers that npm is set up with. */
export function hasRegistry(): boolean {
  return spawnSync('npm', ['view', 'gelf-pro', 'version'], { timeout: 30_000 }).status === 0;
}
