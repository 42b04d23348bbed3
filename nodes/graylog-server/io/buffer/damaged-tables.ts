import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseBatchKey } from './batch-key.ts';
import type { Level } from './level.ts';
import { readTable, type TableEntry } from './table-file.ts';

/** The tables that were found sound, by name, size and time: they are not read again. */
export type SoundTables = Set<string>;

const NONE: TableEntry[] = [];

/** The names of the tables in a folder that LevelDB must not read. */
export async function damagedTables(folder: string, sound: SoundTables): Promise<string[]> {
  const damaged: string[] = [];
  for (const name of await readdir(folder)) {
    if (!/\.(ldb|sst)$/.test(name)) continue;
    const path = join(folder, name);
    // What cannot be read is damaged as well.
    const mark = await stat(path)
      .then(({ size, mtimeMs }) => `${name} ${size} ${mtimeMs}`)
      .catch(() => '');
    if (sound.has(mark)) continue;
    const isSound = await readFile(path)
      .then((bytes) => readTable(bytes).isSound)
      .catch(() => false);
    if (isSound) sound.add(mark);
    else damaged.push(name);
  }
  return damaged;
}

/** Moves tables of a store that is not open to the folder where LevelDB's repair puts what it cannot use. */
export async function moveTables(folder: string, names: readonly string[], to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const name of names) await rename(join(folder, name), join(to, name));
}

/** Puts batches that damaged tables still hold into the store, where they are neither there nor were removed. */
export async function takeOver(level: Level, folder: string, names: readonly string[]): Promise<void> {
  const seen = new Set<string>();
  // What was written later has the larger number, and says best what became of a key.
  const ordered = [...names].sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10));
  for (const name of ordered) {
    const entries = await readFile(join(folder, name))
      .then((bytes) => readTable(bytes).entries())
      .catch(() => NONE);
    const found: { key: string; value: Buffer }[] = [];
    for (const { key, value } of entries.sort((a, b) => b.order - a.order)) {
      if (!seen.has(key) && value !== undefined && parseBatchKey(key) !== undefined) found.push({ key, value });
      seen.add(key);
    }
    const present = found.length === 0 ? [] : await level.hasMany(found.map(({ key }) => key));
    const absent = found.filter((_, i) => present[i] !== true);
    if (absent.length > 0) await level.batch(absent.map((one) => ({ type: 'put' as const, ...one })));
  }
}
