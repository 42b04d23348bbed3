import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Position } from '../../../../../lib/file/position.ts';
import { closeFiles } from '../../../../../lib/io/file/candidate.ts';
import { FileFollower } from '../../../../../lib/io/file/follow.ts';
import { FollowedFiles } from '../../../../../lib/io/file/followed-files.ts';
import { LogPlaces } from '../../../../../lib/io/file/log-places.ts';
import { identifyRotatedFiles } from '../../../../../lib/io/file/rotated-files.ts';
import { findStart } from '../../../../../lib/io/file/start-position.ts';
import { temporaryFolder } from '../../../../support/folder.ts';
import { heldOpen } from '../../../../support/followed-log.ts';
import { real } from '../../../../support/real.ts';
import { newUnpacker } from '../../../../support/unpacker.ts';
import { until } from '../../../../support/until.ts';

const linux = real('/proc', process.platform === 'linux');
const textOf = (number: number): string => `${number} ${'x'.repeat(90)}\n`;

/** What every file handle inherits: `read`, `stat`. */
async function handleMethods(): Promise<FileHandle> {
  const handle = await open('/dev/null');
  await handle.close();
  return Object.getPrototypeOf(handle);
}

function ioError(): Error {
  return Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
}

/**
 * Runs `job` again and again, each time after a new `prepare`; the first time its first read or look fails, then its
 * second one, until none fails. Gives how many did.
 */
async function failAtEach<T>(t: TestContext, prepare: () => Promise<T>, job: (t: T) => Promise<void>): Promise<number> {
  const methods = await handleMethods();
  const { read, stat } = methods;
  for (let failing = 1; ; failing++) {
    const prepared = await prepare();
    let calls = 0;
    const orFail = (original: unknown) =>
      function (this: FileHandle, ...words: unknown[]): unknown {
        calls++;
        return calls === failing ? Promise.reject(ioError()) : Reflect.apply(original as () => unknown, this, words);
      };
    const mocks = [
      t.mock.method(methods, 'read', orFail(read) as never),
      t.mock.method(methods, 'stat', orFail(stat) as never),
    ];
    await job(prepared);
    for (const mock of mocks) mock.mock.restore();
    if (calls < failing) return failing - 1;
  }
}

/** A log that was read to its end. */
async function readLog(path = join(temporaryFolder(), 'auth.log')): Promise<FollowedFiles> {
  const files = new FollowedFiles(new LogPlaces(path), newUnpacker().unpacker);
  writeFileSync(path, textOf(1));
  files.begin(await findStart(new LogPlaces(path), 'beginning', undefined, files.unpacker));
  await files.openNewest();
  await files.last?.readChunk([], 1e9, Date.now());
  return files;
}

function rotate(path: string): void {
  renameSync(path, `${path}.3`);
  writeFileSync(`${path}.2.gz`, gzipSync(textOf(2)));
  writeFileSync(`${path}.1`, textOf(3));
  writeFileSync(path, textOf(4));
}

/** How many descriptors this process has, those of files without a name among them. */
function openCount(): number {
  return readdirSync('/proc/self/fd').length;
}

test('no descriptor stays open where a resume fails, at whatever read', linux, async (t) => {
  const prepare = async (): Promise<Position> => {
    const files = await readLog();
    const { position } = files;
    await files.close();
    rotate(files.path);
    return position;
  };
  const failed = await failAtEach(t, prepare, async (saved) => {
    const before = openCount();
    const { unpacker } = newUnpacker();
    const start = await findStart(new LogPlaces(saved.path), 'checkpoint', saved, unpacker).catch(() => undefined);
    await closeFiles(start?.files ?? []);
    assert.equal(openCount(), before);
  });
  assert.ok(failed > 5, `${failed}`);
});

test('no descriptor stays open where the newest file or what is unseen cannot be read', linux, async (t) => {
  const prepare = async (): Promise<FollowedFiles> => {
    const files = await readLog();
    rotate(files.path);
    return files;
  };
  const failed = await failAtEach(t, prepare, async (files) => {
    const before = openCount() - files.files.length;
    await files.openNewest().catch(() => undefined);
    assert.equal(openCount() - files.files.length, before);
    await files.close();
    assert.equal(openCount(), before);
  });
  assert.ok(failed > 5, `${failed}`);
});

test('no descriptor stays open where the copy of a cut file cannot be read', linux, async (t) => {
  const prepare = async (): Promise<FollowedFiles> => {
    const files = await readLog();
    copyFileSync(files.path, `${files.path}.1`);
    truncateSync(files.path, 0);
    return files;
  };
  const failed = await failAtEach(t, prepare, async (files) => {
    const before = openCount() - files.files.length;
    const { last = assert.fail() } = files;
    await files.insertCopies(last).catch(() => undefined);
    assert.equal(openCount() - files.files.length, before);
    await files.close();
  });
  assert.ok(failed > 5, `${failed}`);
});

test('no descriptor stays open where the rotated files cannot be identified', linux, async (t) => {
  const path = join(temporaryFolder(), 'auth.log');
  writeFileSync(path, textOf(1));
  rotate(path);
  await failAtEach(
    t,
    async () => openCount(),
    async (before) => {
      await identifyRotatedFiles(new LogPlaces(path)).catch(() => undefined);
      assert.equal(openCount(), before);
    },
  );
});

test('a rotated file for which no descriptor is free is not left out: that is a fault', async (t) => {
  const files = await readLog();
  t.after(() => files.close());
  rotate(files.path);
  const methods = await handleMethods();
  const error = Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
  const mock = t.mock.method(methods, 'stat', () => Promise.reject(error));
  await assert.rejects(identifyRotatedFiles(files.places), { code: 'EMFILE' });
  mock.mock.restore();
});

test('a follower reports a disk that fails, opens nothing twice, and goes on without a gap', linux, async (t) => {
  const folder = temporaryFolder();
  const path = join(folder, 'auth.log');
  const texts: string[] = [];
  const states: string[] = [];
  writeFileSync(path, textOf(1));
  const follower = new FileFollower({
    path,
    start: 'beginning',
    saved: undefined,
    pollMs: 5,
    onLines: async (lines) => void texts.push(...lines.map(({ text }) => `${text}\n`)),
    onPosition: async () => undefined,
    onState: ({ state }) => states.push(state),
    onLost: () => assert.fail('lost'),
  });
  t.after(() => follower.stop());
  await until(() => texts.length === 1);
  const methods = await handleMethods();
  for (const [number, code] of ['EIO', 'ESTALE', 'EIO'].entries()) {
    const name = number === 1 ? 'stat' : 'read';
    const error = Object.assign(new Error(code), { code });
    const mock = t.mock.method(methods, name, () => Promise.reject(error));
    await until(() => mock.mock.callCount() > 20);
    writeFileSync(path, textOf(2 + number), { flag: 'a' });
    assert.equal(states.at(-1), 'unreadable');
    mock.mock.restore();
    await until(() => texts.length === 2 + number);
    await until(() => states.at(-1) === 'following');
    assert.equal(heldOpen(folder), 1);
  }
  assert.deepEqual(texts, [1, 2, 3, 4].map(textOf));
});

test('a follower holds no more files open after rotated ones have come and gone', linux, async (t) => {
  const folder = temporaryFolder();
  const path = join(folder, 'auth.log');
  const files = await readLog(path);
  t.after(() => files.close());
  let isOver = false;
  const searching = (async () => {
    while (!isOver) await files.findUnreadCopies();
  })();
  for (let round = 0; round < 100; round++) {
    writeFileSync(`${path}.1`, textOf(round));
    mkdirSync(`${path}.2`, { recursive: true });
    await new Promise((resolve) => setImmediate(resolve));
    rmSync(`${path}.1`);
    rmSync(`${path}.2`, { recursive: true });
  }
  isOver = true;
  await searching;
  assert.equal(heldOpen(folder), files.files.length);
});
