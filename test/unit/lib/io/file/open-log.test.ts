import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Line } from '../../../../../lib/file/line-splitter.ts';
import { openCandidate } from '../../../../../lib/io/file/candidate.ts';
import { type ChunkResult, OpenLog } from '../../../../../lib/io/file/open-log.ts';
import { temporaryFolder } from '../../../../support/folder.ts';

const NOW = 1_700_000_000_000;
const newPath = (): string => join(temporaryFolder(), 'auth.log');

async function openLog(t: TestContext, path: string): Promise<OpenLog> {
  const log = new OpenLog(await openCandidate(path), NOW);
  t.after(() => log.handle.close());
  return log;
}

/** Reads to the end. Gives the lines and what the last read came to. */
async function readAll(log: OpenLog, limit = 1e9): Promise<{ texts: string[]; ids: string[]; result: ChunkResult }> {
  const lines: Line[] = [];
  let result: ChunkResult = 'more';
  while (result === 'more') result = await log.readChunk(lines, limit, NOW + 1);
  return { texts: lines.map(({ text }) => text), ids: lines.map(({ id }) => id), result };
}

test('a log of many chunks is read line by line, and then what is appended', async (t) => {
  const path = newPath();
  const lines = Array.from({ length: 5000 }, (_, index) => `line ${index} ${'x'.repeat(index % 90)}`);
  writeFileSync(path, `${lines.join('\n')}\nhal`);
  const log = await openLog(t, path);
  assert.deepEqual((await readAll(log)).texts, lines);
  assert.equal(log.grownMs, NOW + 1);
  appendFileSync(path, 'f\n');
  assert.deepEqual((await readAll(log)).texts, ['half']);
});

test('a log is not read past the limit', async (t) => {
  const path = newPath();
  writeFileSync(path, 'one\ntwo\nthree\n');
  const log = await openLog(t, path);
  assert.deepEqual((await readAll(log, 8)).texts, ['one', 'two']);
  assert.equal(log.readTo, 8);
  assert.deepEqual((await readAll(log)).texts, ['three']);
});

test('a rename and a delete do not touch what is read', async (t) => {
  const path = newPath();
  writeFileSync(path, 'one\n');
  const log = await openLog(t, path);
  renameSync(path, `${path}.1`);
  appendFileSync(`${path}.1`, 'two\n');
  rmSync(`${path}.1`);
  assert.deepEqual((await readAll(log)).texts, ['one', 'two']);
});

test('a cut file is noticed, also when it has grown past the offset again', async (t) => {
  const path = newPath();
  for (const after of ['', 'new\n', 'newer line 1\nnewer line 2\nnewer line 3\n']) {
    writeFileSync(path, 'line 1\nline 2\n');
    const log = await openLog(t, path);
    await readAll(log);
    truncateSync(path, 0);
    appendFileSync(path, after);
    assert.equal((await readAll(log)).result, 'replaced', JSON.stringify(after));
    await log.seek(0);
    assert.deepEqual((await readAll(log)).texts, after.split('\n').slice(0, -1));
  }
});

test('an event id stays the same over a rename, a copy and reading again from a position', async (t) => {
  const path = newPath();
  writeFileSync(path, 'one\ntwo\nthree\n');
  const log = await openLog(t, path);
  const { ids } = await readAll(log);
  assert.equal(new Set(ids).size, 3);
  copyFileSync(path, `${path}.1`);
  const copy = await openLog(t, `${path}.1`);
  await copy.seek(4);
  assert.deepEqual((await readAll(copy)).ids, ids.slice(1));
});

test('the ids of equal lines of one second stay the same where reading goes on between them', async (t) => {
  const path = newPath();
  const lines = [
    ...Array(3_000).fill('Nov 25 21:05:43 web1 x: again'),
    ...Array(9).fill('Nov 25 21:05:44 web1 x: again'),
  ];
  writeFileSync(path, `Nov 25 21:05:42 web1 x: first\n${lines.join('\n')}\n`);
  const whole = await openLog(t, path);
  const ids = (await readAll(whole)).ids;
  assert.equal(new Set(ids).size, 3_010);
  for (const [line, at] of [
    [2_900, 30 + 2_899 * 30],
    [3_005, 30 + 3_004 * 30],
  ] as const) {
    const log = await openLog(t, path);
    await log.seek(at);
    assert.deepEqual((await readAll(log)).ids, ids.slice(line));
  }
});

test('a file that is UTF-16 is refused', async (t) => {
  const path = newPath();
  for (const bytes of [Buffer.from('\ufeffNov 25', 'utf16le'), Buffer.from('Nov 25 21:05:43', 'utf16le')]) {
    writeFileSync(path, bytes);
    await assert.rejects(readAll(await openLog(t, path)), { code: 'NOT_UTF8' });
  }
});

test('seekLineStart() goes to the start of the line that is half-written at the size', async (t) => {
  const path = newPath();
  writeFileSync(path, 'one\ntwo\nhalf');
  const log = await openLog(t, path);
  await log.seekLineStart(12);
  assert.equal(log.position, 8);
  appendFileSync(path, ' whole\n');
  assert.deepEqual((await readAll(log)).texts, ['half whole']);
});

test('isContinuedBy() knows a copy and a longer file with the same bytes from another file', async (t) => {
  const path = newPath();
  const content = 'the first line of this log\n';
  writeFileSync(path, content);
  const log = await openLog(t, path);
  await readAll(log);
  const isContinued = async (other: string): Promise<boolean> => {
    writeFileSync(`${path}.1`, other);
    const { handle, size } = await openCandidate(`${path}.1`);
    const result = await log.isContinuedBy(handle, size);
    await handle.close();
    return result;
  };
  assert.equal(await isContinued(content), true);
  assert.equal(await isContinued(`${content}more\n`), true);
  assert.equal(await isContinued(content.slice(0, -5)), false);
  assert.equal(await isContinued(content.replace('first', 'other')), false);
});

test('flush() gives the last line that never ended, and the position is after it', async (t) => {
  const path = newPath();
  writeFileSync(path, 'one\nnever finished');
  const log = await openLog(t, path);
  await readAll(log);
  assert.deepEqual(
    log.flush().map(({ text }) => text),
    ['never finished'],
  );
  assert.equal(log.position, 18);
});

test('the place for the checkpoint has the start of the first line that was not given, and the fingerprint', async (t) => {
  const path = newPath();
  writeFileSync(path, 'one\nha');
  const log = await openLog(t, path);
  await readAll(log);
  const { position, head } = log.filePosition;
  assert.deepEqual([position, head.length], [4, 6]);
});
