import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, reason } from '../../../../lib/errors.ts';

/** What was done about a damaged store when it was opened. */
export interface Damage {
  /** `skipped`: LevelDB left out what it could not read. */
  readonly outcome: 'skipped' | 'repaired' | 'setAside';
  /** Where the damaged files are now. */
  readonly path?: string | undefined;
  readonly cause: unknown;
}

/** The error of the file system or of LevelDB below the one that classic-level throws. */
export function levelCause(error: unknown): unknown {
  return (error instanceof Error ? error.cause : undefined) ?? error;
}

/** A file of LevelDB that is gone, too short or unreadable. That `LOCK` cannot be made is the folder's fault. */
const FILE_DAMAGED =
  /(?<!\/LOCK): (No such file|Invalid argument|Is a directory|Not a directory|File name too long|Input\/output error)/;

/** Whether an error of a job on the store says that its files are damaged. */
export function isDamage(error: unknown): boolean {
  const cause = levelCause(error);
  const code = errorCode(cause);
  return (
    code === 'LEVEL_CORRUPTION' ||
    code === 'BATCH_MISSING' ||
    (code === 'LEVEL_IO_ERROR' && FILE_DAMAGED.test(reason(cause)))
  );
}

/** Whether the file is gone by which LevelDB finds its others. It would take the folder for a new one and empty it. */
export async function isHeadless(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((): string[] => []);
  return !names.includes('CURRENT') && names.some((name) => /\.(ldb|sst|log)$/.test(name));
}

/**
 * Moves `from`, a folder of the store in `folder` or all of it, beside it, and gives its new place. Only what was set aside
 * last is kept: each may be as large as the buffer. Rejects with the file system's error.
 */
export async function setAside(folder: string, from: string): Promise<string> {
  const name = `${basename(folder)}.damaged-`;
  for (const old of await readdir(dirname(folder)))
    if (old.startsWith(name)) await rm(join(dirname(folder), old), { recursive: true, force: true });
  const path = join(dirname(folder), `${name}${Date.now()}`);
  await rename(from, path);
  return path;
}

/**
 * What was skipped when a store was opened, or undefined. LevelDB skips what it cannot read of its log and says so nowhere
 * but in a file of its own, `LOG`, which it begins anew at each opening.
 */
export async function skippedAtOpening(folder: string): Promise<string | undefined> {
  const log = await readFile(join(folder, 'LOG'), 'utf8').catch(() => '');
  return /dropping \d+ bytes; .*/.exec(log)?.[0];
}
