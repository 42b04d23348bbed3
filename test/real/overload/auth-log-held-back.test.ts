// Risk: more lines than may be read on: a reader that is held back fills no memory, and loses nothing.

import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { followed, heldOpen, numbered } from '../../support/followed-log.ts';
import { until } from '../../support/until.ts';

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
