import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import fsPromises from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { MonitoringError } from '../../../../lib/errors.ts';
import { type LostState, STATE_FOLDER, StateFile } from '../../../../lib/io/state-file.ts';
import { countFileCalls } from '../../../support/file-calls.ts';
import { temporaryFolder } from '../../../support/folder.ts';

type State = { offset: number };

function parse(value: unknown): State | undefined {
  const { offset } = value as State;
  return Number.isInteger(offset) ? { offset } : undefined;
}

const fileIn = (folder: string): StateFile<State> => new StateFile(folder, 'auth-1', parse);

/** Reads as the next process does, and gives what was lost too. */
function readAgain(folder: string): { state: State | undefined; lost: LostState[] } {
  const lost: LostState[] = [];
  const state = fileIn(folder).read((one) => lost.push(one));
  return { state, lost };
}

/** A folder with a state, and no older copy of it. */
async function written(offset = 7): Promise<{ folder: string; path: string }> {
  const folder = temporaryFolder();
  const file = fileIn(folder);
  await file.write({ offset });
  rmSync(join(folder, STATE_FOLDER, 'previous'), { recursive: true });
  return { folder, path: file.path };
}

test('`read()` gives what was written last, also to the next process, and the file has a version', async () => {
  const folder = temporaryFolder();
  const file = fileIn(folder);
  await file.write({ offset: 7 });
  assert.equal(file.path, join(folder, STATE_FOLDER, 'auth-1.json'));
  assert.deepEqual(readAgain(folder), { state: { offset: 7 }, lost: [] });
  assert.equal(JSON.parse(readFileSync(file.path, 'utf8')).version, 1);
});

test('`read()` takes a file without version, as 0.1.0 wrote it', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, STATE_FOLDER));
  writeFileSync(fileIn(folder).path, '{"offset":3}');
  assert.deepEqual(readAgain(folder), { state: { offset: 3 }, lost: [] });
});

test('`read()` gives nothing where there is no file, and says nothing of it', () => {
  assert.deepEqual(readAgain(temporaryFolder()), { state: undefined, lost: [] });
});

for (const [name, text] of Object.entries({
  'an empty file': '',
  'a cut file': '{"version":1,"check',
  garbage: '\0\0\0\0',
  'another shape': '{"version":1,"offset":"7"}',
  'no object': '[7]',
  'a version of the future': '{"version":2,"offset":7}',
  'an odd version': '{"version":{"toString":1},"offset":7}',
  'a wrong checksum': '{"version":1,"checksum":1,"offset":7}',
  'brackets a million deep': '['.repeat(1_000_000),
  'objects a hundred thousand deep': `${'{"version":1,"checksum":1,"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
})) {
  test(`\`read()\` moves aside ${name}, tells it once, and when the state was good`, async () => {
    const { folder, path } = await written();
    writeFileSync(path, text);
    const { state, lost } = readAgain(folder);
    assert.equal(state, undefined);
    assert.equal(lost.length, 1);
    const aside = readdirSync(dirname(path)).filter((one) => one.startsWith('auth-1.unreadable-'));
    assert.equal(aside.length, 1);
    assert.equal(readFileSync(join(dirname(path), aside[0] ?? ''), 'utf8'), text);
    const { error, sinceMs } = lost[0] as LostState;
    assert.equal(error.code, 'STATE_SET_ASIDE');
    assert.ok(sinceMs <= Date.now() - 60_000 && sinceMs > Date.now() - 120_000, `${Date.now() - sinceMs} ms ago`);
    assert.deepEqual(readAgain(folder), { state: undefined, lost: [] }, 'told once');
  });
}

test('a folder or a file without end in its place is moved aside too', async () => {
  const { folder, path } = await written();
  rmSync(path);
  mkdirSync(path);
  assert.equal(readAgain(folder).lost.length, 1);
  writeFileSync(path, '');
  truncateSync(path, 2 ** 40);
  assert.equal(readAgain(folder).lost.length, 1);
});

test('a file whose time is in the future does not say when the state was good', async () => {
  const { folder, path } = await written();
  writeFileSync(path, '');
  const future = new Date(Date.now() + 86_400_000);
  utimesSync(path, future, future);
  const sinceMs = readAgain(folder).lost[0]?.sinceMs ?? -1;
  // Where the file system keeps the birth of a file, that still tells.
  const { birthtimeMs } = statSync(dirname(path));
  assert.ok(birthtimeMs > 0 ? sinceMs < Date.now() : sinceMs === 0, String(sinceMs));
});

test('a state that is spoilt or deleted is replaced by its older copy, and told', async () => {
  const folder = temporaryFolder();
  const file = fileIn(folder);
  await file.write({ offset: 1 });
  await file.write({ offset: 2 });
  truncateSync(file.path, 9);
  const spoilt = readAgain(folder);
  assert.deepEqual([spoilt.state, spoilt.lost[0]?.error.code], [{ offset: 1 }, 'STATE_SET_ASIDE']);
  const deleted = readAgain(folder);
  assert.deepEqual([deleted.state, deleted.lost[0]?.error.code], [{ offset: 1 }, 'STATE_MISSING']);
});

test('of many spoilt files the newest five are kept', async () => {
  const { folder, path } = await written();
  for (let n = 0; n < 8; n += 1) {
    writeFileSync(join(dirname(path), `auth-1.unreadable-2020-0${n + 1}.json`), 'old');
  }
  writeFileSync(path, 'new');
  assert.equal(readAgain(folder).lost.length, 1);
  assert.equal(readdirSync(dirname(path)).filter((name) => name.includes('unreadable')).length, 5);
});

test('any flipped bit of a file is noticed, or changes nothing', async () => {
  const { folder, path } = await written(123_456);
  const good = readFileSync(path);
  for (let bit = 0; bit < good.length * 8; bit += 1) {
    const bytes = Buffer.from(good);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    writeFileSync(path, bytes);
    const { state, lost } = readAgain(folder);
    if (lost.length === 0) assert.deepEqual(state, { offset: 123_456 }, bytes.toString());
  }
});

test('`read()` never throws, whatever is in the file', async () => {
  const { folder, path } = await written();
  const content = fc.oneof(
    fc.json().map((text) => Buffer.from(text)),
    fc
      .dictionary(fc.constantFrom('version', 'checksum', 'offset', '__proto__', 'toString'), fc.jsonValue())
      .map((value) => Buffer.from(JSON.stringify(value))),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(content, (bytes) => {
      writeFileSync(path, bytes);
      const { state, lost } = readAgain(folder);
      assert.ok(lost.length === (state === undefined ? 1 : 0));
    }),
  );
});

test('`write()` leaves the newest of many states, whole, and no temporary file', async () => {
  const folder = temporaryFolder();
  const file = fileIn(folder);
  await Promise.all(Array.from({ length: 50 }, (_, offset) => file.write({ offset })));
  assert.deepEqual(file.read(), { offset: 49 });
  assert.deepEqual(readdirSync(join(folder, STATE_FOLDER)).sort(), ['auth-1.json', 'previous']);
});

test('what is written is for its owner only, also under umask 022, and what was there before is mended', async () => {
  const modes = (path: string): number[] => [dirname(path), path].map((one) => statSync(one).mode & 0o777);
  const before = process.umask(0o022);
  try {
    const folder = temporaryFolder();
    const file = fileIn(folder);
    await file.write({ offset: 1 });
    assert.deepEqual(modes(file.path), [0o700, 0o600]);
    assert.deepEqual(modes(join(dirname(file.path), 'previous/auth-1.json')), [0o700, 0o600]);
    chmodSync(dirname(file.path), 0o755);
    chmodSync(file.path, 0o644);
    writeFileSync(`${file.path}.tmp`, 'left over', { mode: 0o644 });
    assert.deepEqual(readAgain(folder).state, { offset: 1 });
    assert.deepEqual(modes(file.path), [0o700, 0o600]);
    await file.write({ offset: 2 });
    assert.deepEqual(modes(file.path), [0o700, 0o600]);
  } finally {
    process.umask(before);
  }
});

test('a file is synced before it is renamed, and its folder after', async (t) => {
  const folder = temporaryFolder();
  const file = fileIn(folder);
  await file.write({ offset: 1 });
  const order: string[] = [];
  const { open, rename } = fsPromises;
  const probe = await open(folder);
  const prototype = Object.getPrototypeOf(probe) as { sync(): Promise<void> };
  await probe.close();
  const { sync } = prototype;
  t.mock.method(prototype, 'sync', function (this: fsPromises.FileHandle) {
    order.push(statSync(`/proc/self/fd/${this.fd}`).isDirectory() ? 'folder' : 'file');
    return sync.call(this);
  });
  void rename;
  await file.write({ offset: 2 });
  assert.deepEqual(order, ['file', 'folder']);
  assert.deepEqual(file.read(), { offset: 2 });
});

test('a state of a few kilobytes takes no more calls than opening, writing, syncing and renaming are', async (t) => {
  const file = new StateFile<{ keys: string[] }>(temporaryFolder(), 'small', (value) => value as { keys: string[] });
  const keys = Array.from({ length: 100 }, (_, index) => `key ${index}`);
  await file.write({ keys });
  const calls = countFileCalls(t);
  await file.write({ keys: [...keys, 'one more'] });
  // The file: opened, written, synced, renamed. Its folder: opened, synced. That both are closed does not count.
  assert.equal(calls(), 6);
  await file.writeInSlices({ keys });
  assert.equal(calls(), 12);
  assert.deepEqual(file.read(), { keys });
});

test("`write()` rejects with the file system's error, and works again when the cause is gone", async () => {
  const folder = temporaryFolder();
  const obstacle = join(folder, STATE_FOLDER);
  writeFileSync(obstacle, 'a file where the folder should be');
  const file = fileIn(folder);
  await assert.rejects(file.write({ offset: 1 }), { code: 'EEXIST' });
  rmSync(obstacle);
  await file.write({ offset: 2 });
  assert.deepEqual(file.read(), { offset: 2 });
});

test('`remove()` deletes the state after what is being written, its copy, and what was set aside', async () => {
  const folder = temporaryFolder();
  const file = fileIn(folder);
  const done = file.write({ offset: 1 });
  await done;
  writeFileSync(file.path, '');
  assert.deepEqual(file.read(), { offset: 1 });
  void file.write({ offset: 2 });
  await file.remove();
  assert.equal(
    file.read(() => assert.fail()),
    undefined,
  );
  assert.deepEqual(readdirSync(join(folder, STATE_FOLDER)), ['previous']);
  await file.remove();
});

test('what is told is an error of this package', async () => {
  const { folder, path } = await written();
  writeFileSync(path, '{');
  assert.ok(readAgain(folder).lost[0]?.error instanceof MonitoringError);
});

test('`writeInSlices()` writes the same file, and others run while its text is made', async () => {
  const folder = temporaryFolder();
  const file = new StateFile<{ keys: object[] }>(folder, 'large', (value) => value as { keys: object[] });
  let turns = 0;
  const count = (): void => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  const slow = (id: number): object => ({
    toJSON() {
      for (const endMs = performance.now() + 5; performance.now() < endMs; );
      return { id, turns };
    },
  });
  await file.writeInSlices({ keys: [1, 2, 3, 4].map(slow) });
  clearImmediate(next);
  const { keys } = file.read() as unknown as { keys: { id: number; turns: number }[] };
  assert.deepEqual(
    keys.map(({ id }) => id),
    [1, 2, 3, 4],
  );
  assert.equal(new Set(keys.map((key) => key.turns)).size, 4);
});
