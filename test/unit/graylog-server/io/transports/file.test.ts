import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { FileTransport } from '../../../../../nodes/graylog-server/io/transports/file.ts';
import { temporaryFolder } from '../../../../support/folder.ts';

const NEVER = new AbortController().signal;
const frame = Buffer.alloc(0);

async function openFile(t: Pick<TestContext, 'after'>, path: string, maxBytes = 1_000_000): Promise<FileTransport> {
  const transport = new FileTransport({ path }, { maxBytes });
  await transport.open(NEVER);
  t.after(() => transport.close());
  return transport;
}

const newPath = (): string => join(temporaryFolder(), 'infra-monitoring', 'records.ndjson');
const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);
const document = (n: number): string => JSON.stringify({ n, text: 'x'.repeat(80) });

test('each document is a line, in order, and counts as sent once it is written', async (t) => {
  const path = newPath();
  const transport = await openFile(t, path);
  assert.deepEqual(await transport.send({ texts: ['{"a":1}', '{"b":"ü"}'], frame }), { sent: 2 });
  assert.deepEqual(await transport.send({ texts: ['{"c":3}'], frame }), { sent: 1 });
  assert.equal(readFileSync(path, 'utf8'), '{"a":1}\n{"b":"ü"}\n{"c":3}\n');
  assert.deepEqual(await transport.close(), { isRead: true });
});

test('a file that is there is continued', async (t) => {
  const path = newPath();
  const first = await openFile(t, path);
  await first.send({ texts: ['1'], frame });
  await first.close();
  const second = await openFile(t, path);
  await second.send({ texts: ['2'], frame });
  assert.deepEqual(linesOf(path), ['1', '2']);
});

test('the file and its folder are for their owner only, the file also where it was not', async (t) => {
  const path = newPath();
  await openFile(t, path);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(join(path, '..')).mode & 0o777, 0o700);
  chmodSync(path, 0o644);
  await openFile(t, path);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('a full file becomes `.1`, and both together never take more than twice the bound', async (t) => {
  const path = newPath();
  const maxBytes = 1_000;
  const transport = await openFile(t, path, maxBytes);
  for (let n = 0; n < 100; n += 1) {
    assert.deepEqual(await transport.send({ texts: [document(n)], frame }), { sent: 1 });
    assert.ok(statSync(path).size <= maxBytes);
    if (existsSync(`${path}.1`)) assert.ok(statSync(`${path}.1`).size <= maxBytes);
  }
  const kept = [...linesOf(`${path}.1`), ...linesOf(path)].map((line) => (JSON.parse(line) as { n: number }).n);
  const first = kept[0] ?? 0;
  assert.deepEqual(
    kept,
    Array.from({ length: 100 - first }, (_, i) => first + i),
    'the newest, without a gap',
  );
  assert.equal(statSync(`${path}.1`).mode & 0o777, 0o600);
});

test('two writers to one file, as the ports of a server are, mix whole lines and lose none to a rotation', async (t) => {
  const path = newPath();
  const writers = [await openFile(t, path, 3_000), await openFile(t, path, 3_000)];
  const seen = new Set<number>();
  for (let n = 0; n < 100; n += 2) {
    await Promise.all(writers.map((writer, i) => writer.send({ texts: [document(n + i)], frame })));
    const there = [path, `${path}.1`].filter((file) => existsSync(file)).flatMap(linesOf);
    for (const line of there) seen.add((JSON.parse(line) as { n: number }).n);
    assert.ok(statSync(path).size <= 3_200);
  }
  assert.equal(seen.size, 100);
});

test('a file that was moved away or deleted is made anew', async (t) => {
  const path = newPath();
  const transport = await openFile(t, path);
  await transport.send({ texts: ['1'], frame });
  renameSync(path, `${path}.moved`);
  await transport.send({ texts: ['2'], frame });
  assert.deepEqual(linesOf(path), ['2']);
  rmSync(path);
  assert.deepEqual(await transport.send({ texts: ['3'], frame }), { sent: 1 });
  assert.deepEqual(linesOf(path), ['3']);
});

test('a line that a crash cut is ended before the next', async (t) => {
  const path = newPath();
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, '1\n{"cut":');
  const transport = await openFile(t, path);
  await transport.send({ texts: ['2'], frame });
  await transport.send({ texts: ['3'], frame });
  assert.deepEqual(linesOf(path), ['1', '{"cut":', '2', '3']);
});

test('what is no file is refused, without waiting for a pipe', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'folder'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  symlinkSync('/dev/null', join(folder, 'device'));
  for (const name of ['folder', 'pipe', 'device']) {
    const transport = new FileTransport({ path: join(folder, name) }, { maxBytes: 1_000 });
    await assert.rejects(transport.open(NEVER), /NOT_REGULAR_FILE|EISDIR/);
  }
});

test('a disk that takes no more is a failure that loses the connection, and leaves no part of the batch behind', async (t) => {
  const path = newPath();
  const transport = await openFile(t, path);
  await transport.send({ texts: ['1'], frame });
  // A folder in the place of the old file: the rotation cannot be made.
  mkdirSync(`${path}.1/x`, { recursive: true });
  const small = await openFile(t, path, 3);
  const { sent, failure } = await small.send({ texts: ['2', '3'], frame });
  assert.equal(sent, 0);
  assert.match(String(failure), /EISDIR|ENOTEMPTY|EEXIST/);
  assert.equal(small.lost.aborted, true);
  assert.deepEqual(linesOf(path), ['1']);
});

test('after its close it sends nothing, and says so', async (t) => {
  const transport = await openFile(t, newPath());
  await transport.close();
  const { sent, failure } = await transport.send({ texts: ['1'], frame });
  assert.deepEqual([sent, (failure as { code: string }).code], [0, 'CLOSED']);
  assert.equal(transport.lost.aborted, false);
});

test('an open that is aborted rejects with CLOSED', async () => {
  const transport = new FileTransport({ path: newPath() }, { maxBytes: 1_000 });
  await assert.rejects(transport.open(AbortSignal.abort()), { code: 'CLOSED' });
});
