import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { crc32 } from 'node:zlib';
import type { FilePosition } from '../../../../../lib/file/position.ts';
import { type Candidate, closeFiles, openCandidate } from '../../../../../lib/io/file/candidate.ts';
import { findSavedFile, findSavedFiles } from '../../../../../lib/io/file/saved-file.ts';
import { temporaryFolder } from '../../../../support/folder.ts';

const FIRST = 'Nov 26 12:00:00 host sshd[1]: Server listening on 0.0.0.0 port 22.\n';

/** Files of these texts, as they are found. */
async function found(t: TestContext, ...texts: string[]): Promise<Candidate[]> {
  const folder = temporaryFolder();
  const files = await Promise.all(
    texts.map((text, n) => {
      const path = join(folder, `auth.log.${n + 1}`);
      writeFileSync(path, text);
      return openCandidate(path);
    }),
  );
  t.after(() => closeFiles(files));
  return files;
}

/** What a checkpoint says of a file that was read so far. */
function entry(text: string, inode: string): FilePosition {
  const head = { length: text.length, crc: crc32(text) };
  return { device: '1', inode, head, position: text.length, modifiedMs: 0 };
}

test('the file of an entry is the one with its inode, though a copy is longer', async (t) => {
  const files = await found(t, `${FIRST}more\n`, FIRST);
  assert.equal(await findSavedFile(entry(FIRST, files[1]?.inode ?? ''), files), files[1]);
});

test('an inode that the system gave to a file which begins otherwise is not it', async (t) => {
  const files = await found(t, `other${FIRST}`, FIRST);
  assert.equal(await findSavedFile(entry(FIRST, files[0]?.inode ?? ''), files), files[1]);
});

test('of copies it is the longest, and none that lacks what was read', async (t) => {
  const files = await found(t, FIRST, `${FIRST}more\nand more\n`, `${FIRST}more\n`);
  assert.equal(await findSavedFile(entry(FIRST, 'gone'), files), files[1]);
  const farther = { ...entry(FIRST, 'gone'), position: 1_000 };
  assert.equal(await findSavedFile(farther, files), undefined);
});

test('each file is that of one entry alone, in the order of the checkpoint', async (t) => {
  const files = await found(t, FIRST, `${FIRST}more\n`);
  const entries = [entry(FIRST, 'gone'), entry(FIRST, 'gone as well'), entry(FIRST, 'and this one')];
  const pairs = [...(await findSavedFiles(entries, files))];
  assert.deepEqual(
    pairs.map(([file, of]) => [files.indexOf(file), entries.indexOf(of)]),
    [
      [1, 0],
      [0, 1],
    ],
  );
});
