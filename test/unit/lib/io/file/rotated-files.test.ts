import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs, { mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Candidate, closeFiles } from '../../../../../lib/io/file/candidate.ts';
import { LogPlaces } from '../../../../../lib/io/file/log-places.ts';
import {
  foldersChange,
  identifyRotatedFiles,
  openRotatedFiles,
  type PackedFiles,
} from '../../../../../lib/io/file/rotated-files.ts';
import { changedSince } from '../../../../../lib/io/file/rotation.ts';
import { Unpacker } from '../../../../../lib/io/file/unpack.ts';
import { temporaryFolder } from '../../../../support/folder.ts';
import { newUnpacker } from '../../../../support/unpacker.ts';

const HOUR_S = 3600;

async function namesOf(path: string, packed?: PackedFiles): Promise<string[]> {
  const files = await openRotatedFiles(new LogPlaces(path), packed);
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
  const [file, ...others] = await openRotatedFiles(new LogPlaces(path), {
    isWanted: changedSince(sinceMs),
    unpacker: newUnpacker().unpacker,
  });
  assert.ok(file);
  assert.deepEqual([file.name, file.isUnpacked, file.size, others], ['auth.log.2.gz', true, 4, []]);
  assert.equal(await file.handle.readFile('utf8'), 'one\n');
  await file.handle.close();
  assert.deepEqual(await namesOf(path), []);
});

test('openRotatedFiles() leaves out a gzip file that never becomes whole, tries once, and says so once', async (t) => {
  const path = join(temporaryFolder(), 'auth.log');
  const cut = `${path}.1.gz`;
  writeFileSync(cut, gzipSync('one\n'));
  truncateSync(cut, 10);
  const { unpacker, faults } = newUnpacker();
  const packed = { isWanted: () => true, unpacker };
  const opened = t.mock.method(fs.promises, 'statfs');
  syncBuiltinESMExports();
  t.after(() => syncBuiltinESMExports());
  for (let count = 0; count < 3; count++) assert.deepEqual(await namesOf(path, packed), []);
  assert.equal(opened.mock.callCount(), 1);
  assert.deepEqual(faults, ['auth.log.1.gz']);
  writeFileSync(cut, gzipSync('one\n'));
  assert.deepEqual(await namesOf(path, packed), ['auth.log.1.gz']);
});

test('openRotatedFiles() says nothing of a gzip file that is still being written', async (t) => {
  const path = join(temporaryFolder(), 'auth.log');
  const whole = gzipSync(randomBytes(2000));
  let written = 10;
  const { unpacker, faults } = newUnpacker();
  const tries = t.mock.method(unpacker, 'unpack', (file: Candidate, isLast: boolean) => {
    writeFileSync(`${path}.1.gz`, whole.subarray(0, ++written));
    return Unpacker.prototype.unpack.call(unpacker, file, isLast);
  });
  writeFileSync(`${path}.1.gz`, whole.subarray(0, written));
  assert.deepEqual(await namesOf(path, { isWanted: () => true, unpacker }), []);
  assert.ok(tries.mock.callCount() > 2);
  assert.deepEqual(faults, []);
});

test('openRotatedFiles() passes over what is no file, and does not wait for it', async () => {
  const path = join(temporaryFolder(), 'auth.log');
  execFileSync('mkfifo', [`${path}.1`]);
  mkdirSync(`${path}.2`);
  symlinkSync('/dev/zero', `${path}.3`);
  symlinkSync(`${path}.4`, `${path}.4`);
  writeFileSync(`${path}.5`, 'one\n');
  const server = createServer().listen(`${path}.6`);
  await once(server, 'listening');
  assert.deepEqual(await namesOf(path), ['auth.log.5']);
  server.close();
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
  const identities = await identifyRotatedFiles(new LogPlaces(join(folder, 'auth.log')));
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
  const before = await foldersChange(new LogPlaces(path), nowMs);
  assert.notEqual(before, undefined);
  assert.equal(await foldersChange(new LogPlaces(path), nowMs), before);
  setChanged(nowMs - 500);
  assert.notEqual(await foldersChange(new LogPlaces(path), nowMs), before);
  setChanged(nowMs);
  assert.equal(await foldersChange(new LogPlaces(path), nowMs), undefined);
});
