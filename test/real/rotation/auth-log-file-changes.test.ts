// Risk: the file under a log's name is cut, renamed, linked or replaced while it is read.

import assert from 'node:assert/strict';
import { appendFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { followed } from '../../support/followed-log.ts';
import { until } from '../../support/until.ts';

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
