import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { FINGERPRINT_BYTES } from '../../../../../lib/file/fingerprint.ts';
import { hashIn, LAST_LINES } from '../../../../../lib/file/line-ids.ts';
import { AS_BYTES, AS_TEXT, type Line, LineSplitter } from '../../../../../lib/file/line-splitter.ts';
import { ContinuedIds } from '../../../../../lib/io/file/continued-ids.ts';
import { temporaryFolder } from '../../../../support/folder.ts';

/** A file of this text, and its lines as they are from a position on. */
async function file(t: TestContext, text: string) {
  const path = join(temporaryFolder(), 'auth.log');
  writeFileSync(path, text);
  const handle: FileHandle = await open(path);
  t.after(() => handle.close());
  const bytes = Buffer.from(text);
  return async (position: number): Promise<{ ids: ContinuedIds; lines: Line[] }> => {
    const ids = new ContinuedIds(AS_TEXT, () => bytes.subarray(0, FINGERPRINT_BYTES));
    await ids.countBefore(handle, position);
    const splitter = new LineSplitter(ids.giver);
    splitter.restart(position);
    const lines: Line[] = [];
    splitter.split(bytes.subarray(position), position, lines);
    return { ids, lines };
  };
}

test('equal lines of one time have the same ids wherever reading goes on, however far back that time began', async (t) => {
  const line = 'Nov 26 12:00:01 host sshd[7]: Connection closed by 192.0.2.4\n';
  // More than what is read at first of the lines before.
  const count = Math.ceil(200_000 / line.length);
  const from = await file(t, `Nov 26 12:00:00 host sshd[1]: Server listening\n${line.repeat(count)}`);
  const whole = (await from(0)).lines.map(({ id }) => id);
  assert.equal(new Set(whole).size, count + 1);
  for (const lines of [1, 2, count - 1]) {
    const position = 'Nov 26 12:00:00 host sshd[1]: Server listening\n'.length + (lines - 1) * line.length;
    assert.deepEqual(
      (await from(position)).lines.map(({ id }) => id),
      whole.slice(lines),
    );
  }
});

test('the last lines before the position are remembered, then those that are given out', async (t) => {
  const text = Array.from({ length: 9 }, (_, n) => `Nov 26 12:00:0${n} host su: line ${n}\n`);
  const from = await file(t, text.join(''));
  const whole = (await from(0)).lines.map(({ id }) => hashIn(id));
  const { ids, lines } = await from(text.slice(0, 6).join('').length);
  assert.deepEqual(ids.lastHashes, whole.slice(6 - LAST_LINES, 6));
  ids.remember(lines.slice(0, 1));
  assert.deepEqual(ids.lastHashes, whole.slice(7 - LAST_LINES, 7));
  ids.remember([]);
  assert.deepEqual(ids.lastHashes, whole.slice(7 - LAST_LINES, 7));
});

test('lines that are bytes have no ids: nothing is read or remembered for them', async () => {
  const ids = new ContinuedIds(AS_BYTES, () => Buffer.alloc(0));
  await ids.countBefore({} as FileHandle, 1_000);
  ids.remember([{ text: 'x', id: '' }]);
  assert.deepEqual(ids.lastHashes, []);
});
