import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, MonitoringError } from '../../../../lib/errors.ts';

/** How a store tells of damage. */
export interface DamageListener {
  /** Nothing of it can be read: it was moved aside, and an empty one is begun. Hears `STORE_SET_ASIDE`. */
  setAside(error: MonitoringError): void;
  /** A part of it is gone, the rest is there. Hears `STORE_LOG_DAMAGED`. */
  partlyLost(error: MonitoringError): void;
}

/** The error of the file system or of LevelDB below the one that classic-level throws. */
export function levelCause(error: unknown): unknown {
  return (error instanceof Error ? error.cause : undefined) ?? error;
}

/** Whether an error of a job on the store says that its files are damaged. */
export function isDamage(error: unknown): boolean {
  return errorCode(levelCause(error)) === 'LEVEL_CORRUPTION';
}

/** Moves a store that is not open out of the way. Rejects with the file system's error. */
export async function setStoreAside(folder: string, cause: unknown): Promise<MonitoringError> {
  const path = `${folder}.damaged-${Date.now()}`;
  await rename(folder, path);
  return new MonitoringError('STORE_SET_ASIDE', { path }, { cause });
}

/**
 * What was lost when a store was opened, or undefined. LevelDB skips what it cannot read of its log and says so nowhere but
 * in a file of its own, `LOG`, which it begins anew at each opening.
 */
export async function damageAtOpening(folder: string): Promise<MonitoringError | undefined> {
  const log = await readFile(join(folder, 'LOG'), 'utf8').catch(() => '');
  const text = /dropping \d+ bytes; .*/.exec(log)?.[0];
  return text === undefined ? undefined : new MonitoringError('STORE_LOG_DAMAGED', { text });
}
