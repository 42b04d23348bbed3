import assert from 'node:assert/strict';
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Line } from '../../../nodes/auth-log-in/file/line-splitter.ts';
import { FileFollower } from '../../../nodes/auth-log-in/io/file/follow.ts';
import { until } from '../../support/until.ts';

/** A file that is followed from its beginning, and what it gave. */
function followed(t: TestContext, name = 'auth.log') {
  const folder = mkdtempSync(join(tmpdir(), 'auth-log-bytes-'));
  const path = join(folder, name);
  const lines: Line[] = [];
  const states: string[] = [];
  let heard = (): void => undefined;
  /** Calls `then` in the turn in which the lines given first make so many. */
  const got = (isEnough: (count: number) => boolean, then: () => void): Promise<void> =>
    new Promise((resolve) => {
      heard = () => {
        if (!isEnough(lines.length)) return;
        heard = () => undefined;
        then();
        resolve();
      };
    });
  const start = (at: string = path): FileFollower => {
    const follower = new FileFollower({
      path: at,
      start: 'beginning',
      saved: undefined,
      holdMs: 200,
      pollMs: 50,
      onLines: async (batch) => {
        lines.push(...batch);
        heard();
      },
      onPosition: () => Promise.resolve(),
      onState: (state) => {
        if (state.state === 'unreadable') assert.fail(String(state.error));
        states.push(state.state);
      },
      onLost: () => assert.fail('lost'),
    });
    t.after(() => follower.stop());
    return follower;
  };
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const texts = (): string[] => lines.map(({ text }) => text);
  const gave = (...expected: string[]): Promise<void> =>
    until(
      () => JSON.stringify(texts()) === JSON.stringify(expected),
      10_000,
      () => JSON.stringify(texts().map((text) => text.slice(0, 200))),
    );
  return { folder, path, lines, states, start, texts, gave, got };
}

test('a half-written line waits for its end, also where it is cut within a character', async (t) => {
  const file = followed(t);
  const bytes = Buffer.from('first grün\nsecond 日本\n');
  writeFileSync(file.path, '');
  file.start();
  await until(() => file.states.includes('following'));
  for (let at = 0; at < bytes.length; at++) {
    appendFileSync(file.path, bytes.subarray(at, at + 1));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await file.gave('first grün', 'second 日本');
});

test('CRLF, empty lines, NUL bytes and bytes that are not UTF-8 keep the lines around them whole', async (t) => {
  const file = followed(t);
  const parts = [Buffer.from('one\r\n\r\n\n'), Buffer.from([0, 0, 0]), Buffer.from('two\n'), Buffer.from('a\0b\n')];
  writeFileSync(file.path, Buffer.concat([...parts, Buffer.from([0x66, 0xff, 0xfe, 0x6f, 10]), Buffer.from('last\n')]));
  file.start();
  await file.gave('one', 'two', 'a\u{fffd}b', 'f\u{fffd}\u{fffd}o', 'last');
});

test('a line of more than 256 KiB is cut, says its length, and the next one is whole', async (t) => {
  const file = followed(t);
  writeFileSync(file.path, `before\n${'x'.repeat(1_000_000)}\nafter\n`);
  file.start();
  await until(
    () => file.lines.length === 3,
    10_000,
    () => `${file.lines.length} lines`,
  );
  const [before, long = '', after] = file.texts();
  assert.deepEqual([before, after], ['before', 'after']);
  assert.equal(long, `${'x'.repeat(262_144)}… [cut: the line has 1000000 bytes]`);
});

test('a line of exactly 256 KiB is not cut', async (t) => {
  const file = followed(t);
  writeFileSync(file.path, `${'x'.repeat(262_144)}\n`);
  file.start();
  await file.gave('x'.repeat(262_144));
});

test('a cut file whose new content is as long, or longer, is read from its beginning', async (t) => {
  const file = followed(t);
  writeFileSync(file.path, 'aaa 1\naaa 2\n');
  file.start();
  await file.gave('aaa 1', 'aaa 2');
  writeFileSync(file.path, 'bbb 1\nbbb 2\n');
  await file.gave('aaa 1', 'aaa 2', 'bbb 1', 'bbb 2');
  writeFileSync(file.path, 'ccc 1\nccc 2\nccc 3\n');
  await file.gave('aaa 1', 'aaa 2', 'bbb 1', 'bbb 2', 'ccc 1', 'ccc 2', 'ccc 3');
});

test('a log of which only the end is cut off is read again with the same ids, so that no new line is missed', async (t) => {
  const file = followed(t);
  const kept = Array.from({ length: 20 }, (_, index) => `${index} ${'x'.repeat(90)}`);
  writeFileSync(file.path, `${kept.join('\n')}\ngone\n`);
  file.start();
  await until(() => file.lines.length === 21);
  truncateSync(file.path, kept.join('\n').length + 1);
  appendFileSync(file.path, 'new\n');
  await file.gave(...kept, 'gone', ...kept, 'new');
  assert.equal(new Set(file.lines.map(({ id }) => id)).size, 22);
});

test('a rename that leaves the end of a line in the old file gives it before the new file', async (t) => {
  const file = followed(t);
  writeFileSync(file.path, 'one\nha');
  file.start();
  await file.gave('one');
  renameSync(file.path, `${file.path}.1`);
  appendFileSync(`${file.path}.1`, 'lf\n');
  writeFileSync(file.path, 'two\n');
  await file.gave('one', 'half', 'two');
});

test('the last words of a rotated file are given although their line never ends', async (t) => {
  const file = followed(t);
  writeFileSync(file.path, 'one\nnever finished');
  file.start();
  await file.gave('one');
  renameSync(file.path, `${file.path}.1`);
  writeFileSync(file.path, 'two\n');
  await file.gave('one', 'two', 'never finished');
});

test('a link is followed to its file, through its rotation, and to another file', async (t) => {
  const file = followed(t, 'real.log');
  const link = join(file.folder, 'link.log');
  writeFileSync(file.path, 'one\n');
  symlinkSync(file.path, link);
  file.start(link);
  await file.gave('one');
  renameSync(file.path, `${file.path}.1`);
  writeFileSync(file.path, 'two\n');
  await file.gave('one', 'two');
  writeFileSync(join(file.folder, 'other.log'), 'three\n');
  rmSync(link);
  symlinkSync(join(file.folder, 'other.log'), link);
  await file.gave('one', 'two', 'three');
});

test('a log under a new inode with the same content (an editor, a restore) is not sent again', async (t) => {
  const file = followed(t);
  const content = `${'x'.repeat(80)}\n`;
  writeFileSync(file.path, content);
  file.start();
  await until(() => file.lines.length === 1);
  writeFileSync(`${file.path}.new`, `${content}two\n`);
  renameSync(`${file.path}.new`, file.path);
  await file.gave('x'.repeat(80), 'two');
});

test('an empty file that is filled later is read from its beginning', async (t) => {
  const file = followed(t);
  writeFileSync(file.path, '');
  file.start();
  await until(() => file.states.includes('following'));
  appendFileSync(file.path, 'one\n');
  await file.gave('one');
});

test('a reader that is held back reads nothing, does not spin, and then has all of it, over rotations too', async (t) => {
  const file = followed(t);
  writeFileSync(file.path, 'one\n');
  const follower = file.start();
  await file.gave('one');
  follower.pause(true);
  const before = process.cpuUsage();
  for (const [index, text] of ['two', 'three', 'four'].entries()) {
    appendFileSync(file.path, `${text}\n`);
    renameSync(file.path, `${file.path}.${9 - index}`);
    writeFileSync(file.path, '');
    await until(() => heldOpen(file.folder) >= index + 2);
  }
  appendFileSync(file.path, 'five\n');
  const spent = process.cpuUsage(before);
  assert.ok(spent.user + spent.system < 1_500_000, `${spent.user + spent.system} microseconds of CPU`);
  assert.deepEqual(file.texts(), ['one']);
  follower.pause(false);
  await file.gave('one', 'two', 'three', 'four', 'five');
});

test('a log of many chunks that is cut while its reader is held back gives what was read ahead, then the new lines', async (t) => {
  const file = followed(t);
  const before = numbered('before', 4_000);
  writeFileSync(file.path, `${before.join('\n')}\n`);
  const follower = file.start();
  // Within the first lines, so that the chunk after them is on its way already.
  await file.got(
    (count) => count > 0 && count < 4_000,
    () => follower.pause(true),
  );
  const given = file.lines.length;
  copyFileSync(file.path, `${file.path}.1`);
  truncateSync(file.path, 0);
  const after = numbered('after', 3_000);
  appendFileSync(file.path, `${after.join('\n')}\n`);
  follower.pause(false);
  await file.gave(...before, ...after);
  assert.ok(given < 4_000, `${given} lines before the cut`);
});

test('lines that are written while a log of many chunks is read come after it, each once', async (t) => {
  const file = followed(t);
  const lines = numbered('line', 20_000);
  writeFileSync(file.path, `${lines.slice(0, 10_000).join('\n')}\n`);
  file.start();
  for (let from = 10_000; from < 20_000; from += 1_000) {
    await until(() => file.lines.length >= from - 5_000);
    appendFileSync(file.path, `${lines.slice(from, from + 1_000).join('\n')}\n`);
  }
  await file.gave(...lines);
});

/** Lines of 100 bytes. */
function numbered(word: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${word} ${index} `.padEnd(99, 'x'));
}

/** How many files of the folder this process holds open. */
function heldOpen(folder: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
    } catch {
      return false;
    }
  }).length;
}
