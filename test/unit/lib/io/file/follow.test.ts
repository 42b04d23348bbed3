import assert from 'node:assert/strict';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Position } from '../../../../../lib/file/position.ts';
import { FileFollower } from '../../../../../lib/io/file/follow.ts';
import type { FollowOptions } from '../../../../../lib/io/file/follow-options.ts';
import { temporaryFolder } from '../../../../support/folder.ts';
import { real } from '../../../../support/real.ts';
import { PATIENCE_MS, until } from '../../../../support/until.ts';

const linux = real('Linux', process.platform === 'linux');
const lineOf = (name: string): string => `${name} ${'x'.repeat(90)}`;

function follow(t: TestContext, path: string, options: Partial<FollowOptions> = {}) {
  const names: string[] = [];
  const states: string[] = [];
  const positions: Position[] = [];
  const follower = new FileFollower({
    path,
    start: 'beginning',
    saved: undefined,
    pollMs: 10,
    holdMs: 50,
    async onLines(lines, _modifiedMs, position) {
      names.push(...lines.map(({ text }) => text.slice(0, text.indexOf(' '))));
      positions.push(position);
    },
    onPosition: async (position) => void positions.push(position),
    onState: ({ state }) => states.push(state),
    onLost: () => assert.fail('lost'),
    ...options,
  });
  t.after(() => follower.stop());
  const given = (...expected: string[]): Promise<void> =>
    until(
      () => names.join() === expected.join(),
      PATIENCE_MS,
      () => names.join(),
    );
  return { follower, names, states, positions, given };
}

/** A log with a first line, followed from its beginning. */
async function followed(t: TestContext, options: Partial<FollowOptions> = {}) {
  const path = join(temporaryFolder(), 'auth.log');
  const write = (...names: string[]): void => appendFileSync(path, names.map((name) => `${lineOf(name)}\n`).join(''));
  write('a');
  const following = follow(t, path, options);
  await following.given('a');
  return { path, write, ...following };
}

test('what a file gets between its reading and its rotation is read, however short it is held', async (t) => {
  const path = join(temporaryFolder(), 'auth.log');
  const texts: string[] = [];
  writeFileSync(path, `${lineOf('a')}\n`);
  const onLines = async (lines: readonly { text: string }[]): Promise<void> => {
    texts.push(...lines.map(({ text }) => text.slice(0, 1)));
    if (texts.length > 1) return;
    appendFileSync(path, `${lineOf('b')}\n`);
    renameSync(path, `${path}.1`);
    writeFileSync(path, `${lineOf('c')}\n`);
  };
  follow(t, path, { pollMs: 0, holdMs: 0, onLines });
  await until(() => texts.includes('c'));
  assert.deepEqual(texts, ['a', 'b', 'c']);
});

test('nothing is lost to a rename, also where the old file still grows', async (t) => {
  const { path, write, given, states } = await followed(t);
  write('b');
  renameSync(path, `${path}.1`);
  appendFileSync(`${path}.1`, `${lineOf('c')}\n`);
  write('d');
  await given('a', 'b', 'c', 'd');
  assert.deepEqual(states, ['following']);
});

test('a late line of a rotated file comes at once, also where the clock was set back since', async (t) => {
  const { path, write, given } = await followed(t, { holdMs: 60_000 });
  renameSync(path, `${path}.1`);
  write('b');
  await given('a', 'b');
  const now = Date.now.bind(Date);
  t.mock.method(Date, 'now', () => now() - 3_600_000);
  write('c');
  await given('a', 'b', 'c');
  appendFileSync(`${path}.1`, `${lineOf('late')}\n`);
  await given('a', 'b', 'c', 'late');
});

test('nothing is lost to a copytruncate, compressed or not', async (t) => {
  const { path, write, given, states } = await followed(t);
  write('b');
  copyFileSync(path, `${path}.1`);
  truncateSync(path, 0);
  write('c');
  await given('a', 'b', 'c');
  write('d');
  writeFileSync(`${path}.2.gz`, gzipSync([lineOf('c'), lineOf('d'), ''].join('\n')));
  truncateSync(path, 0);
  write('e');
  await given('a', 'b', 'c', 'd', 'e');
  assert.deepEqual(states, ['following']);
});

test('a file that is deleted and made again is read from its beginning', async (t) => {
  const { path, write, given } = await followed(t);
  rmSync(path);
  write('b');
  await given('a', 'b');
});

test('a rotated file is let go of after a while, and counts as read', async (t) => {
  const { path, write, given, positions } = await followed(t);
  renameSync(path, `${path}.1`);
  write('b');
  await given('a', 'b');
  const done = (): number | undefined => {
    write('more');
    return positions.at(-1)?.done.length;
  };
  await until(() => done() === 1);
  assert.equal(positions.at(-1)?.files.length, 1);
});

test('a log that cannot be read is told once, and read when it can be', async (t) => {
  const path = join(temporaryFolder(), 'auth.log');
  mkdirSync(path);
  const { states, given } = follow(t, path);
  await until(() => states.length === 1);
  rmdirSync(path);
  writeFileSync(path, `${lineOf('a')}\n`);
  await given('a');
  assert.deepEqual(states, ['unreadable', 'following']);
});

test('it begins where an earlier run left off', async (t) => {
  const { path, write, given, follower, positions } = await followed(t);
  await follower.stop();
  write('b');
  const second = follow(t, path, { start: 'checkpoint', saved: positions.at(-1) });
  await second.given('b');
  await given('a');
});

test('stop() ends the wait for the next look at once, and nothing is called after it', async (t) => {
  const { path, write } = await followed(t);
  const slow = follow(t, path, { pollMs: 60_000, start: 'end' });
  await until(() => slow.states.length === 1);
  await slow.follower.stop();
  write('b');
  assert.deepEqual(slow.names, []);
});

test('stop() gives the files that were read to their end and deleted, and not the one that may still grow', async (t) => {
  const { path, follower } = await followed(t);
  const inode = String(statSync(path).ino);
  rmSync(path);
  assert.deepEqual([...(await follower.stop())], [inode]);
  const other = await followed(t);
  assert.deepEqual([...(await other.follower.stop())], []);
});

test('a line arrives when it is written, however rarely the file is looked at', linux, async (t) => {
  const path = join(temporaryFolder(), 'auth.log');
  writeFileSync(path, `${lineOf('a')}\n`);
  const { given } = follow(t, path, { pollMs: 60_000 });
  await given('a');
  const expected = ['a'];
  for (const name of ['b', 'c', 'd']) {
    appendFileSync(path, `${lineOf(name)}\n`);
    expected.push(name);
    await given(...expected);
  }
});

test('a log whose folder is removed before anything of it was read is read all the same', async (t) => {
  const folder = join(temporaryFolder(), 'pod');
  mkdirSync(folder);
  const path = join(folder, '0.log');
  writeFileSync(path, '');
  const { follower, states, given } = follow(t, path);
  follower.pause(true);
  await until(() => states.includes('following'));
  appendFileSync(path, `${lineOf('a')}\n${lineOf('b')}\n`);
  rmSync(folder, { recursive: true });
  follower.pause(false);
  await given('a', 'b');
  await until(() => follower.isDrained());
});
