import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { closeFiles } from '../../../../../nodes/auth-log-in/io/file/candidate.ts';
import {
  foldersChange,
  identifyRotatedFiles,
  openRotatedFiles,
} from '../../../../../nodes/auth-log-in/io/file/rotated-files.ts';
import { temporaryFolder } from '../../../../support/folder.ts';

const HOUR_S = 3600;

async function namesOf(path: string, packedSinceMs?: number): Promise<string[]> {
  const files = await openRotatedFiles(path, packedSinceMs);
  await closeFiles(files);
  return files.map(({ name }) => name);
}

test('openRotatedFiles() gives the rotated files, the oldest first, without the log and what is not of it', async () => {
  const folder = temporaryFolder();
  for (const name of ['auth.log', 'auth.log.1', 'auth.log.10', 'auth.log.2', 'syslog.1']) {
    writeFileSync(join(folder, name), name);
  }
  mkdirSync(join(folder, 'auth.log.3'));
  assert.deepEqual(await namesOf(join(folder, 'auth.log')), ['auth.log.10', 'auth.log.2', 'auth.log.1']);
});

test('openRotatedFiles() unpacks a gzip file that was changed since, and leaves out an older one', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'auth.log');
  const sinceMs = Date.now() - 1000;
  for (const name of ['auth.log.2.gz', 'auth.log.3.gz']) writeFileSync(join(folder, name), gzipSync('one\n'));
  const old = sinceMs / 1000 - HOUR_S;
  utimesSync(join(folder, 'auth.log.3.gz'), old, old);
  const [file, ...others] = await openRotatedFiles(path, sinceMs);
  assert.ok(file);
  assert.deepEqual([file.name, file.isUnpacked, file.size, others], ['auth.log.2.gz', true, 4, []]);
  assert.equal(await file.handle.readFile('utf8'), 'one\n');
  await file.handle.close();
  assert.deepEqual(await namesOf(path), []);
});

test('openRotatedFiles() leaves out a gzip file that never becomes whole', async () => {
  const folder = temporaryFolder();
  const packed = join(folder, 'auth.log.1.gz');
  writeFileSync(packed, gzipSync('one\n'));
  truncateSync(packed, 10);
  assert.deepEqual(await namesOf(join(folder, 'auth.log'), 0), []);
});

test('openRotatedFiles() looks beside a link and beside its target', async () => {
  const [links, files] = [temporaryFolder(), temporaryFolder()];
  writeFileSync(join(files, 'real.log'), '');
  writeFileSync(join(files, 'real.log.1'), '');
  writeFileSync(join(links, 'auth.log.2'), '');
  symlinkSync(join(files, 'real.log'), join(links, 'auth.log'));
  assert.deepEqual((await namesOf(join(links, 'auth.log'))).sort(), ['auth.log.2', 'real.log.1']);
});

test('identifyRotatedFiles() gives a fingerprint of each', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'auth.log.1'), 'x'.repeat(2000));
  writeFileSync(join(folder, 'auth.log.2'), 'short');
  const identities = await identifyRotatedFiles(join(folder, 'auth.log'));
  assert.deepEqual(
    identities.map(({ head }) => head.length),
    [5, 1024],
  );
});

test('foldersChange() changes with the folder, and is undefined while the change is fresh', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'auth.log');
  const nowMs = Date.now();
  const setChanged = (ms: number): void => utimesSync(folder, ms / 1000, ms / 1000);
  setChanged(nowMs - 1000);
  const before = await foldersChange(path, nowMs);
  assert.notEqual(before, undefined);
  assert.equal(await foldersChange(path, nowMs), before);
  setChanged(nowMs - 500);
  assert.notEqual(await foldersChange(path, nowMs), before);
  setChanged(nowMs);
  assert.equal(await foldersChange(path, nowMs), undefined);
});
