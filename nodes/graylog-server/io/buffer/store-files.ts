import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Makes the folder of a store for its owner alone, and the one it lies in. */
export async function makeFolder(folder: string): Promise<void> {
  for (const path of [dirname(folder), folder]) {
    await mkdir(path, { recursive: true, mode: 0o700 });
    // Where it belongs to someone else and can be written all the same, the rights are theirs to set.
    await chmod(path, 0o700).catch(() => undefined);
  }
}

/** What the files of a store are. */
export interface FileFacts {
  /** How many hold messages. */
  readonly tables: number;
  /** Bytes of LevelDB's own notes, which only a new opening makes short. */
  readonly notes: number;
}

const NOTES = /^(MANIFEST-|LOG)/;

/** Looks at the files of a store, and takes everybody's rights to them but the owner's. */
export async function tidyFiles(folder: string): Promise<FileFacts> {
  let tables = 0;
  let notes = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    // LevelDB may delete a file at any moment.
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) continue;
    if (name.endsWith('.ldb')) tables += 1;
    if (NOTES.test(name)) notes += found.size;
    if (found.isFile() && (found.mode & 0o077) !== 0) await chmod(path, 0o600).catch(() => undefined);
  }
  return { tables, notes };
}

/** The notes of the opening before this one. */
export async function removeOldNotes(folder: string): Promise<void> {
  await rm(join(folder, 'LOG.old'), { force: true }).catch(() => undefined);
}
