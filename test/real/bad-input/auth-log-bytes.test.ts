// Risk: a log with bytes that make no line: half-written, endless, or not text.

import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { followed } from '../../support/followed-log.ts';
import { until } from '../../support/until.ts';

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
