import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs npm in a folder and gives what it prints; rejects with its errors. */
export async function npm(folder: string, ...args: string[]): Promise<string> {
  // What an outer `npm test` sets belongs to the clone, not to `folder`.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(?!config_registry)/i.test(name)),
  );
  const { stdout } = await run('npm', [...args, '--loglevel=error'], { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** Whether the registry answers that npm is set up with. */
export function hasRegistry(): boolean {
  return spawnSync('npm', ['view', 'gelf-pro', 'version'], { timeout: 30_000 }).status === 0;
}
