// Risk: what stands in the place of a log is none, or has a line without an end.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type TestContext, test } from 'node:test';
import { followed, heldOpen } from '../../support/followed-log.ts';
import { real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const linux = real('Linux', process.platform === 'linux');
const MEGABYTE = 1024 ** 2;
const LINE_BYTES = 1_000_000_000;

/** What is no file, by its name; each is made at a path. */
const NO_FILES: { [name: string]: (t: TestContext, path: string) => Promise<void> | void } = {
  'a FIFO': (_, path) => void execFileSync('mkfifo', [path]),
  'a FIFO that somebody writes to': (t, path) => {
    execFileSync('mkfifo', [path]);
    const writer = openSync(path, 'r+');
    t.after(() => closeSync(writer));
    appendFileSync(writer, 'a line of a FIFO\n');
  },
  'a socket': async (t, path) => {
    const server = createServer().listen(path);
    t.after(() => server.close());
    await once(server, 'listening');
  },
  'a device': (_, path) => symlinkSync('/dev/zero', path),
  'a folder': (_, path) => void mkdirSync(path),
  'a link to itself': (_, path) => symlinkSync(path, path),
};

for (const [name, make] of Object.entries(NO_FILES)) {
  test(
    `auth-log-in says that ${name} is no log, holds nothing open, and reads the log that comes there`,
    linux,
    async (t) => {
      const { folder, path, start, states, gave } = followed(t);
      await make(t, path);
      start();
      await until(() => states.includes('unreadable'));
      assert.equal(heldOpen(folder), name.endsWith('writes to') ? 1 : 0);
      rmSync(path, { recursive: true });
      writeFileSync(path, 'a line\n');
      await gave('a line');
      assert.equal(states.at(-1), 'following');
    },
  );
}

test('auth-log-in reads over a line of 1 GB with the memory and the event loop as before', linux, async (t) => {
  const { path, start, texts } = followed(t);
  writeFileSync(path, 'before\n');
  start();
  await until(() => texts().length === 1);
  const restBytes = process.memoryUsage.rss();
  let peakBytes = 0;
  const delay = monitorEventLoopDelay();
  delay.enable();
  // A hole in the file: it is read as NUL bytes, and takes no disk.
  appendFileSync(path, 'x');
  truncateSync(path, LINE_BYTES);
  appendFileSync(path, '\nafter\n');
  await until(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
    return texts().length === 3;
  }, 50_000);
  delay.disable();
  assert.match(texts()[1] ?? '', /^x.*… \[cut: the line has 999999993 bytes]$/);
  assert.equal(texts()[2], 'after');
  assert.ok(peakBytes - restBytes < 100 * MEGABYTE, `${(peakBytes - restBytes) / MEGABYTE} MB above rest`);
  assert.ok(delay.max < 1e9, `the event loop was held for ${delay.max / 1e6} ms`);
  t.diagnostic(`${(peakBytes - restBytes) / MEGABYTE} MB above rest, at most ${delay.max / 1e6} ms`);
});
