import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './node-red.ts';
import { until } from './until.ts';

const CACHE = join(packageRoot, '.cache');
const DEADLINE_MS = 600_000;

/**
 * The folder `.cache/<kind>-<digest>`, which `make` fills where it is not there yet. Of test files that run at the same time
 * one makes it and the others wait. What was made of other inputs is removed.
 */
export async function madeOnce(kind: string, digest: string, make: (folder: string) => Promise<void>): Promise<string> {
  const name = `${kind}-${digest}`;
  const folder = join(CACHE, name);
  const lock = `${folder}.lock`;
  mkdirSync(CACHE, { recursive: true });
  await until(
    () => existsSync(folder) || locked(lock),
    DEADLINE_MS,
    () => `${name}, which another process makes`,
  );
  if (existsSync(folder)) return folder;
  const making = `${folder}.making`;
  try {
    for (const old of readdirSync(CACHE)) {
      if (old.startsWith(`${kind}-`) && old !== `${name}.lock`)
        rmSync(join(CACHE, old), { recursive: true, force: true });
    }
    mkdirSync(making);
    await make(making);
    renameSync(making, folder);
    return folder;
  } finally {
    rmSync(making, { recursive: true, force: true });
    rmSync(lock, { force: true });
  }
}

/** Whether the lock is this process's now. One of a process that has ended is taken away. */
function locked(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!isRunning(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function isRunning(lock: string): boolean {
  try {
    const pid = readFileSync(lock, 'utf8');
    // It is empty for the moment between its making and its writing.
    return pid === '' || existsSync(`/proc/${pid}`);
  } catch {
    return true;
  }
}
