import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { errorCode, MonitoringError } from '../../../../lib/errors.ts';
import { damagedTables, moveTables, type SoundTables, takeOver } from './damaged-tables.ts';
import { type Damage, isDamage, isHeadless, levelCause, setAside, skippedAtOpening } from './store-damage.ts';
import { makeFolder } from './store-files.ts';

export type Level = ClassicLevel<string, Buffer>;

export interface LevelOptions {
  /** The bound in bytes: LevelDB's own files are kept small in proportion. */
  readonly diskSize: number;
  /** What is to be done first with files that are known to be damaged. */
  readonly remedy?: 'repair' | 'setAside' | undefined;
  /** What is known of the tables. */
  readonly sound: SoundTables;
}

export interface Opened<T> {
  /** What `use` gave. */
  readonly opened: T;
  readonly damage: Damage | undefined;
}

type Use<T> = (level: Level) => Promise<T>;

const BEFORE_ALL = '0';
export const BEHIND_ALL = '~';
const MIN_WRITE_BYTES = 65_536;
const MAX_WRITE_BYTES = 1_048_576;

/**
 * Opens LevelDB in a folder that is there. `use` reads what must be readable; where it is not, or the opening fails for
 * damage, the files are repaired, else set aside. Throws `STORE_LOCKED`, or the error of the file system.
 */
export async function openLevel<T>(path: string, options: LevelOptions, use: Use<T>): Promise<Opened<T>> {
  try {
    if (options.remedy !== undefined || (await isHeadless(path)))
      return await openMended(path, options, use, undefined);
    // Before LevelDB reads them: a wrong bit can end the process there.
    const damaged = await damagedTables(path, options.sound);
    if (damaged.length > 0) return await openMended(path, options, use, `checksum of ${damaged.join(', ')}`);
    const opened = await openOnce(path, options, use);
    const cause = await skippedAtOpening(path);
    return { opened, damage: cause === undefined ? undefined : { outcome: 'skipped', cause } };
  } catch (error) {
    if (!isDamage(error)) throw namedError(error);
    return openMended(path, options, use, levelCause(error)).catch((fault: unknown) => {
      throw namedError(fault);
    });
  }
}

async function openMended<T>(path: string, options: LevelOptions, use: Use<T>, cause: unknown): Promise<Opened<T>> {
  await probeLock(path);
  const lostFolder = join(path, 'lost');
  options.sound.clear();
  const damaged = await damagedTables(path, options.sound);
  await moveTables(path, damaged, lostFolder);
  const open = (lost: string): Promise<T> =>
    openOnce(path, options, async (level) => {
      await takeOver(level, lost, damaged);
      return use(level);
    });
  try {
    if (options.remedy === 'setAside') throw new MonitoringError('BATCH_MISSING');
    await ClassicLevel.repair(path);
    const aside = await setAside(path, lostFolder);
    return { opened: await open(aside), damage: { outcome: 'repaired', path: aside, cause } };
  } catch (error) {
    const aside = await setAside(path, path);
    await makeFolder(path);
    const opened = await open(join(aside, 'lost'));
    return { opened, damage: { outcome: 'setAside', path: aside, cause: cause ?? levelCause(error) } };
  }
}

/** Throws where another one has the store open: nothing may be moved then. Changes nothing else. */
async function probeLock(path: string): Promise<void> {
  const level = new ClassicLevel(path, { createIfMissing: false, errorIfExists: true });
  try {
    await level.open();
  } catch (error) {
    if (errorCode(levelCause(error)) === 'LEVEL_LOCKED') throw error;
  } finally {
    await level.close();
  }
}

async function openOnce<T>(path: string, { diskSize }: LevelOptions, use: Use<T>): Promise<T> {
  const level: Level = new ClassicLevel(path, {
    valueEncoding: 'buffer',
    writeBufferSize: tableBytes(diskSize),
    cacheSize: 1_048_576,
    maxFileSize: MAX_WRITE_BYTES,
  });
  await level.open();
  try {
    return await use(level);
  } catch (error) {
    await level.close();
    throw error;
  }
}

/** What LevelDB gathers before it makes a table of it, for a store with this bound. */
export function tableBytes(diskSize: number): number {
  return Math.min(Math.max(diskSize / 32, MIN_WRITE_BYTES), MAX_WRITE_BYTES);
}

/** Has LevelDB make one table of many small ones. By itself it leaves each one that an opening has made. */
export async function mergeTables(level: Level): Promise<void> {
  // Marks before and behind all keys: the table that holds them overlaps all others.
  await level.batch([
    { type: 'del', key: BEFORE_ALL },
    { type: 'del', key: BEHIND_ALL },
  ]);
  await level.compactRange(BEFORE_ALL, BEHIND_ALL);
}

function namedError(error: unknown): unknown {
  const cause = levelCause(error);
  return errorCode(cause) === 'LEVEL_LOCKED' ? new MonitoringError('STORE_LOCKED', {}, { cause }) : cause;
}
