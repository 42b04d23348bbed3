import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, existsSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Candidate, openCandidate } from '../../../../../lib/io/file/candidate.ts';
import { LogPlaces } from '../../../../../lib/io/file/log-places.ts';
import { OpenLog } from '../../../../../lib/io/file/open-log.ts';
import { findCopies, findUnseenFiles, isAt, type KnownFiles } from '../../../../../lib/io/file/rotation.ts';
import { temporaryFolder } from '../../../../support/folder.ts';
import { newUnpacker } from '../../../../support/unpacker.ts';

const textOf = (number: number): string => `${number} ${'x'.repeat(90)}\n`;

/** A log with one line that was read, and what is known of it. */
async function readLog(t: TestContext) {
  const path = join(temporaryFolder(), 'auth.log');
  writeFileSync(path, textOf(1));
  const log = new OpenLog(await openCandidate(path), Date.now());
  t.after(() => log.handle.close());
  await log.readChunk([], 1e9, Date.now());
  const known: KnownFiles = {
    places: new LogPlaces(path),
    files: [log],
    finished: [],
    unpacker: newUnpacker().unpacker,
  };
  /** What the file of a found log has in all. */
  const contentsOf = (found: readonly OpenLog[]): Promise<string[]> =>
    Promise.all(
      found.map(async ({ handle }) => {
        t.after(() => handle.close());
        const { size } = await handle.stat();
        return (await handle.read(Buffer.alloc(size), 0, size, 0)).buffer.toString();
      }),
    );
  return { path, log, known, contentsOf };
}

test('after a rename there is nothing unseen but what was rotated since, the oldest first', async (t) => {
  const { path, known, contentsOf } = await readLog(t);
  renameSync(path, `${path}.3`);
  for (const number of [2, 1]) writeFileSync(`${path}.${number}`, textOf(10 - number));
  writeFileSync(path, textOf(10));
  const { older, newer } = await findUnseenFiles(known, Date.now());
  assert.deepEqual(await contentsOf(newer), [textOf(8), textOf(9)]);
  assert.deepEqual(older, []);
});

test('a compressed copy of what is held is not unseen, another compressed file is', async (t) => {
  const { path, known, contentsOf } = await readLog(t);
  renameSync(path, `${path}.2`);
  writeFileSync(`${path}.2.gz`, gzipSync(textOf(1)));
  writeFileSync(`${path}.1.gz`, gzipSync(textOf(2)));
  const { older, newer } = await findUnseenFiles(known, Date.now());
  assert.deepEqual(await contentsOf([...older, ...newer]), [textOf(2)]);
});

test('a compressed copy of a held file that was written, rotated and packed during the search is not unseen', async (t) => {
  const path = join(temporaryFolder(), 'auth.log');
  writeFileSync(path, '');
  const log = new OpenLog(await openCandidate(path), Date.now());
  t.after(() => log.handle.close());
  const places = new LogPlaces(path);
  const list = places.rotatedPaths.bind(places);
  places.rotatedPaths = () => {
    if (existsSync(path)) {
      appendFileSync(path, textOf(1));
      writeFileSync(`${path}.1.gz`, gzipSync(textOf(1)));
      rmSync(path);
    }
    return list();
  };
  const known: KnownFiles = { places, files: [log], finished: [], unpacker: newUnpacker().unpacker };
  assert.deepEqual(await findUnseenFiles(known, Date.now()), { older: [], newer: [] });
});

test('a file that was read to its end, or is open already, is not unseen', async (t) => {
  const { path, known, log } = await readLog(t);
  renameSync(path, `${path}.1`);
  writeFileSync(path, textOf(2));
  const current = new OpenLog(await openCandidate(path), Date.now());
  t.after(() => current.handle.close());
  renameSync(path, `${path}.0`);
  const finished = [{ inode: log.inode, head: log.fingerprint }];
  assert.deepEqual(await findUnseenFiles({ ...known, finished }, Date.now(), [current]), { older: [], newer: [] });
});

test('beside a log that is still at its path there is only what it was before: it is older', async (t) => {
  const { path, known, contentsOf } = await readLog(t);
  writeFileSync(`${path}.1`, textOf(0));
  const { older, newer } = await findUnseenFiles(known, Date.now());
  assert.deepEqual([await contentsOf(older), newer], [[textOf(0)], []]);
});

for (const isPacked of [false, true]) {
  test(`after a copytruncate the ${isPacked ? 'compressed ' : ''}copy is found at the position reached`, async (t) => {
    const { path, log, known, contentsOf } = await readLog(t);
    appendFileSync(path, textOf(2));
    copyFileSync(path, `${path}.1`);
    truncateSync(path, 0);
    if (isPacked) {
      writeFileSync(`${path}.1.gz`, gzipSync(textOf(1) + textOf(2)));
      rmSync(`${path}.1`);
    }
    const [copy, ...others] = await findCopies(known, log, Date.now());
    assert.ok(copy);
    assert.deepEqual([copy.position, copy.isComplete, others], [textOf(1).length, true, []]);
    assert.deepEqual(await contentsOf([copy]), [textOf(1) + textOf(2)]);
  });
}

test('after two copytruncates both copies are found, the oldest first', async (t) => {
  const { path, log, known, contentsOf } = await readLog(t);
  copyFileSync(path, `${path}.2`);
  writeFileSync(`${path}.1`, textOf(2));
  truncateSync(path, 0);
  assert.deepEqual(await contentsOf(await findCopies(known, log, Date.now())), [textOf(1), textOf(2)]);
});

for (const isPacked of [false, true]) {
  test(`a cut file that was rotated away and ${isPacked ? 'compressed' : 'kept'} comes before what was rotated later`, async (t) => {
    const { path, log, known, contentsOf } = await readLog(t);
    copyFileSync(path, `${path}.3`);
    truncateSync(path, 0);
    appendFileSync(path, textOf(2));
    renameSync(path, `${path}.2`);
    if (isPacked) {
      writeFileSync(`${path}.2.gz`, gzipSync(textOf(2)));
      rmSync(`${path}.2`);
    }
    writeFileSync(`${path}.1`, textOf(3));
    writeFileSync(path, textOf(4));
    assert.deepEqual(await contentsOf(await findCopies(known, log, Date.now())), [textOf(1)]);
  });
}

test('a file that was cut without a copy has none', async (t) => {
  const { path, log, known } = await readLog(t);
  writeFileSync(`${path}.1`, textOf(7));
  truncateSync(path, 0);
  assert.deepEqual(await findCopies(known, log, Date.now()), []);
});

test('isAt() tells a recreated file from the one that was deleted, and rejects where there is none', async (t) => {
  const { path, log } = await readLog(t);
  assert.equal(await isAt(path, log), true);
  rmSync(path);
  await assert.rejects(isAt(path, log), { code: 'ENOENT' });
  writeFileSync(path, textOf(1));
  assert.equal(await isAt(path, log), false);
});

test('an open candidate says what kind of file it is not', async () => {
  const error: unknown = await openCandidate(temporaryFolder()).then(
    (candidate: Candidate) => candidate.handle.close(),
    (cause: unknown) => cause,
  );
  assert.equal((error as { values?: { code?: string } }).values?.code, 'EISDIR');
});
