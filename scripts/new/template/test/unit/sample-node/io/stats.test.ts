import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readStats } from '../../../../nodes/sample-node/io/stats.ts';
import { temporaryFolder } from '../../../support/folder.ts';

function hostRootWith(text: string): string {
  const hostRoot = temporaryFolder();
  mkdirSync(join(hostRoot, 'proc/sys/fs'), { recursive: true });
  writeFileSync(join(hostRoot, 'proc/sys/fs/file-nr'), text);
  return hostRoot;
}

test('readStats() reads the host that is mounted at the root it gets', async () => {
  assert.deepEqual(await readStats(hostRootWith('7\t0\t99\n')), { openFiles: 7 });
});

test('readStats() rejects where the file is missing or another one', async () => {
  await assert.rejects(readStats(temporaryFolder()), { code: 'ENOENT' });
  await assert.rejects(readStats(hostRootWith('none')), { code: 'UNEXPECTED_TEXT' });
});
