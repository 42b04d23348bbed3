import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Line } from '../../../../../lib/file/line-splitter.ts';
import { markEnded, type Position } from '../../../../../lib/file/position.ts';
import { closeFiles, openCandidate } from '../../../../../lib/io/file/candidate.ts';
import { FollowedFiles } from '../../../../../lib/io/file/followed-files.ts';
import { LogPlaces } from '../../../../../lib/io/file/log-places.ts';
import { OpenLog } from '../../../../../lib/io/file/open-log.ts';
import { findStart, type StartPosition } from '../../../../../lib/io/file/start-position.ts';
import { temporaryFolder } from '../../../../support/folder.ts';
import { program, real } from '../../../../support/real.ts';
import { newUnpacker } from '../../../../support/unpacker.ts';

const newPath = (): string => join(temporaryFolder(), 'auth.log');
const lineOf = (number: number): string => `${number} ${'x'.repeat(90)}`;
const textOf = (...numbers: number[]): string => numbers.map((number) => `${lineOf(number)}\n`).join('');

/** The checkpoint of a log that was read up to its end. */
async function readToEnd(path: string): Promise<Position> {
  const files = new FollowedFiles(new LogPlaces(path), newUnpacker().unpacker);
  files.begin(await findStart(new LogPlaces(path), 'beginning', undefined, newUnpacker().unpacker));
  await files.openNewest();
  await files.last?.readChunk([], 1e9, Date.now());
  const { position } = files;
  await files.close();
  return position;
}

async function idsOf(path: string): Promise<string[]> {
  const log = new OpenLog(await openCandidate(path), 0);
  const lines: Line[] = [];
  await log.readChunk(lines, 1e9, 0);
  await closeFiles([log]);
  return lines.map(({ id }) => id);
}

/** What is left to read in each file that was found, the oldest first. */
async function readRest({ files }: StartPosition): Promise<string[][]> {
  const rest: string[][] = [];
  for (const file of files) {
    const lines: Line[] = [];
    await file.readChunk(lines, 1e9, Date.now());
    rest.push(lines.map(({ text }) => text));
  }
  await closeFiles(files);
  return rest;
}

test('without a checkpoint it begins at the end of the file, and keeps that position', async () => {
  const path = newPath();
  writeFileSync(path, textOf(1));
  const start = await findStart(new LogPlaces(path), 'checkpoint', undefined, newUnpacker().unpacker);
  const size = textOf(1).length;
  assert.deepEqual(start.startFile, { inode: String(statSync(path).ino), size });
  assert.equal(start.position?.files[0]?.position, size);
  assert.deepEqual(start.files, []);
});

test('at the beginning no position is kept before a line was read', async () => {
  const path = newPath();
  writeFileSync(path, textOf(1));
  const start = await findStart(new LogPlaces(path), 'beginning', undefined, newUnpacker().unpacker);
  assert.deepEqual([start.startFile, start.position], [undefined, undefined]);
});

test('a log that is not there yet is later read from its beginning: a position without files is kept', async () => {
  const path = newPath();
  const start = await findStart(new LogPlaces(path), 'end', undefined, newUnpacker().unpacker);
  assert.deepEqual(start.position, { path, files: [], done: [] });
});

test('files that were rotated before it began count as read', async () => {
  const path = newPath();
  writeFileSync(`${path}.1`, textOf(1));
  writeFileSync(path, textOf(2));
  const { finished } = await findStart(new LogPlaces(path), 'beginning', undefined, newUnpacker().unpacker);
  assert.deepEqual(
    finished.map(({ inode }) => inode),
    [String(statSync(`${path}.1`).ino)],
  );
});

test('it goes on where it left off in the same file', async () => {
  const path = newPath();
  writeFileSync(path, textOf(1));
  const saved = await readToEnd(path);
  appendFileSync(path, textOf(2));
  assert.deepEqual(await readRest(await findStart(new LogPlaces(path), 'checkpoint', saved, newUnpacker().unpacker)), [
    [lineOf(2)],
  ]);
});

test('it goes on in a file that was renamed, then in those rotated since; the one at the path is opened later', async () => {
  const path = newPath();
  writeFileSync(path, textOf(1));
  const saved = await readToEnd(path);
  appendFileSync(path, textOf(2));
  renameSync(path, `${path}.2`);
  writeFileSync(`${path}.1`, textOf(3));
  writeFileSync(path, textOf(4));
  const start = await findStart(new LogPlaces(path), 'checkpoint', saved, newUnpacker().unpacker);
  assert.deepEqual(await readRest(start), [[lineOf(2)], [lineOf(3)]]);
  assert.equal(start.isLost, false);
});

test('it goes on in a file that was compressed', async () => {
  const path = newPath();
  writeFileSync(path, textOf(1));
  const saved = await readToEnd(path);
  rmSync(path);
  writeFileSync(`${path}.1.gz`, gzipSync(textOf(1, 2)));
  const start = await findStart(new LogPlaces(path), 'checkpoint', saved, newUnpacker().unpacker);
  assert.equal(start.files[0]?.isComplete, true);
  assert.deepEqual(await readRest(start), [[lineOf(2)]]);
});

test('of a file that was copied and cut it reads the rest in the copy', async () => {
  const path = newPath();
  writeFileSync(path, textOf(1));
  const saved = await readToEnd(path);
  appendFileSync(path, textOf(2));
  copyFileSync(path, `${path}.1`);
  truncateSync(path, 0);
  appendFileSync(path, textOf(3));
  const start = await findStart(new LogPlaces(path), 'checkpoint', saved, newUnpacker().unpacker);
  assert.deepEqual(await readRest(start), [[lineOf(2)]]);
});

test('it says so where the file that was read last is gone', async () => {
  const path = newPath();
  writeFileSync(path, textOf(1));
  const saved = await readToEnd(path);
  rmSync(path);
  writeFileSync(path, textOf(9));
  const start = await findStart(new LogPlaces(path), 'checkpoint', saved, newUnpacker().unpacker);
  assert.equal(start.isLost, true);
  await closeFiles(start.files);
});

test('the checkpoint of another path counts as none', async () => {
  const path = newPath();
  writeFileSync(path, textOf(1));
  const start = await findStart(
    new LogPlaces(path),
    'beginning',
    { path: '/elsewhere', files: [], done: [] },
    newUnpacker().unpacker,
  );
  assert.deepEqual([start.files, start.isLost], [[], false]);
});

test('it waits for a log that is there and cannot be read: it rejects', async () => {
  const path = newPath();
  writeFileSync(path, textOf(1));
  const saved = await readToEnd(path);
  rmSync(path);
  mkdirSync(path);
  await assert.rejects(findStart(new LogPlaces(path), 'checkpoint', saved, newUnpacker().unpacker), {
    code: 'NOT_REGULAR_FILE',
  });
});

test('a file that had ended before the stop is not told as lost when it is gone', async () => {
  const path = newPath();
  writeFileSync(path, textOf(1));
  const saved = markEnded(await readToEnd(path), () => true);
  rmSync(path);
  writeFileSync(path, textOf(2));
  assert.equal((await findStart(new LogPlaces(path), 'checkpoint', saved, newUnpacker().unpacker)).isLost, false);
});

test('where the checkpoint was lost it reads what was rotated since it was good, and then the log from its beginning', async () => {
  const path = newPath();
  for (const [name, number, seconds] of [
    ['.2', 1, 1_000],
    ['.1', 2, 3_000],
  ] as const) {
    writeFileSync(path + name, textOf(number));
    utimesSync(path + name, seconds, seconds);
  }
  writeFileSync(`${path}.3.gz`, gzipSync(textOf(0)));
  utimesSync(`${path}.3.gz`, 500, 500);
  writeFileSync(path, textOf(3));
  const start = await findStart(new LogPlaces(path), 'checkpoint', undefined, newUnpacker().unpacker, 2_000_000);
  assert.deepEqual([start.startFile, start.isLost, start.position?.files.length], [undefined, false, 1]);
  assert.deepEqual(await readRest(start), [[lineOf(2)]]);
  // A second start, before anything more was kept, begins at the same place.
  assert.deepEqual(
    await readRest(await findStart(new LogPlaces(path), 'checkpoint', start.position, newUnpacker().unpacker)),
    [[lineOf(2)]],
  );
  // At what time it was good nobody knows: all that there is.
  assert.deepEqual(
    await readRest(await findStart(new LogPlaces(path), 'checkpoint', undefined, newUnpacker().unpacker, 0)),
    [[lineOf(0)], [lineOf(1)], [lineOf(2)]],
  );
});

/** What is left to read of a log of which the first line was read when `rotate` moved it while nobody looked. */
async function restAfter(
  rotate: (path: string) => void,
  options: ConstructorParameters<typeof LogPlaces>[1] = {},
): Promise<{ rest: string[][]; isLost: boolean }> {
  const path = newPath();
  writeFileSync(path, textOf(1));
  const saved = await readToEnd(path);
  appendFileSync(path, textOf(2));
  rotate(path);
  const start = await findStart(new LogPlaces(path, options), 'checkpoint', saved, newUnpacker().unpacker);
  return { rest: await readRest(start), isLost: start.isLost };
}

const WAYS: { readonly [way: string]: (path: string) => void } = {
  'a date after an underscore': (path) => renameSync(path, `${path}_20261125`),
  'a date after a dot': (path) => renameSync(path, `${path}.2026-11-25`),
  'the seconds since the epoch': (path) => renameSync(path, `${path}-1795600000`),
  'a date and a time': (path) => renameSync(path, `${path}-2026-11-25T10:00:00+01:00`),
  'a name that no rotation gives': (path) => renameSync(path, join(dirname(path), 'before-upgrade.txt')),
  'an archive': (path) => {
    mkdirSync(join(dirname(path), 'archive'));
    renameSync(path, join(dirname(path), 'archive/auth.log.1'));
  },
};

for (const [way, rotate] of Object.entries(WAYS)) {
  test(`it goes on in a file that was moved to ${way} while nobody looked`, async () => {
    const folder = temporaryFolder();
    const move = (path: string): void => {
      rotate(path);
      if (existsSync(join(dirname(path), 'archive')))
        renameSync(join(dirname(path), 'archive'), join(folder, 'archive'));
      writeFileSync(path, textOf(3));
    };
    assert.deepEqual(await restAfter(move, { archives: [join(folder, 'archive')] }), {
      rest: [[lineOf(2)]],
      isLost: false,
    });
  });
}

for (const [what, kept] of [
  ['a line', [1, 3, 4, 5]],
  ['the first line', [2, 3, 4, 5]],
  ['the last line', [1, 2, 3, 4]],
] as const) {
  test(`a log that an editor wrote anew without ${what} is not told as lost, and its lines have the ids they had`, async () => {
    const path = newPath();
    const stamped = (...numbers: readonly number[]): string =>
      numbers.map((number) => `Nov 25 21:05:4${number} web1 sshd[1]: ${lineOf(number)}\n`).join('');
    writeFileSync(path, stamped(1, 2, 3, 4, 5));
    const saved = await readToEnd(path);
    const before = await idsOf(path);
    writeFileSync(`${path}.new`, stamped(...kept));
    renameSync(`${path}.new`, path);
    const start = await findStart(new LogPlaces(path), 'checkpoint', saved, newUnpacker().unpacker);
    assert.equal(start.isLost, false);
    assert.deepEqual(await readRest(start), []);
    const after = await idsOf(path);
    // A line in the second of the first one has an id of its file.
    assert.deepEqual(
      after.slice(1),
      kept.slice(1).map((number) => before[number - 1]),
    );
  });
}

test('another file that got the inode of the one that was read last is not read', async () => {
  const path = newPath();
  writeFileSync(path, textOf(1));
  const saved = await readToEnd(path);
  renameSync(path, join(dirname(path), 'state'));
  writeFileSync(join(dirname(path), 'state'), textOf(8));
  writeFileSync(path, textOf(9));
  const start = await findStart(new LogPlaces(path), 'checkpoint', saved, newUnpacker().unpacker);
  assert.equal(start.isLost, true);
  assert.deepEqual(await readRest(start), []);
});

for (const program_ of ['xz', 'zstd', 'bzip2']) {
  test(`it goes on in a file that ${program_} packed`, real(program_, program(program_) !== undefined), async () => {
    const pack = (path: string): void => {
      renameSync(path, `${path}.1`);
      execFileSync(program_, program_ === 'zstd' ? ['--rm', '-q', `${path}.1`] : [`${path}.1`]);
    };
    assert.deepEqual(await restAfter(pack), { rest: [[lineOf(2)]], isLost: false });
  });
}

test('it goes on in the file that a link led to before it was swapped, and in what was rotated beside that', async () => {
  const [links, files] = [temporaryFolder(), temporaryFolder()];
  const [path, before] = [join(links, 'auth.log'), join(files, '0.log')];
  writeFileSync(before, textOf(1));
  symlinkSync(before, path);
  const saved = await readToEnd(path);
  assert.equal(saved.files[0]?.target, before);
  appendFileSync(before, textOf(2));
  renameSync(before, `${before}.20261125-101010`);
  writeFileSync(before, textOf(3));
  writeFileSync(join(files, '1.log'), textOf(4));
  rmSync(path);
  symlinkSync(join(files, '1.log'), path);
  const start = await findStart(new LogPlaces(path), 'checkpoint', saved, newUnpacker().unpacker);
  assert.equal(start.isLost, false);
  assert.deepEqual(await readRest(start), [[lineOf(2)], [lineOf(3)]]);
});

for (const isPacked of [false, true]) {
  test(`a clock that was set back hides no ${isPacked ? 'packed ' : ''}file between two rotations`, async () => {
    const hourAgo = Date.now() / 1000 - 3600;
    const rotateTwice = (path: string): void => {
      renameSync(path, `${path}.2`);
      writeFileSync(`${path}.1`, textOf(3));
      writeFileSync(path, textOf(4));
      for (const end of ['.2', '.1']) {
        if (isPacked) {
          writeFileSync(`${path}${end}.gz`, gzipSync(readFileSync(path + end)));
          rmSync(path + end);
        }
        utimesSync(path + end + (isPacked ? '.gz' : ''), hourAgo, hourAgo);
      }
    };
    assert.deepEqual(await restAfter(rotateTwice), { rest: [[lineOf(2)], [lineOf(3)]], isLost: false });
  });
}
