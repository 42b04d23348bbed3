import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { unpack } from '../../../../../nodes/auth-log-in/io/file/gunzip.ts';
import { temporaryFolder } from '../../../../support/folder.ts';

async function packed(t: TestContext, bytes: Buffer) {
  const path = join(temporaryFolder(), 'auth.log.1.gz');
  writeFileSync(path, bytes);
  const handle = await open(path);
  t.after(() => handle.close());
  return handle;
}

const left = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('auth-log-in-'));

test('unpack() gives the text of a gzip file and leaves no file behind', async (t) => {
  const text = 'one\n'.repeat(50_000);
  const before = left();
  const handle = await unpack(await packed(t, gzipSync(text)));
  t.after(() => handle.close());
  assert.equal(await handle.readFile('utf8'), text);
  assert.deepEqual(left(), before);
});

test('unpack() rejects a file that is not gzip, or not whole yet, and leaves no file behind', async (t) => {
  const whole = gzipSync('one\n'.repeat(50_000));
  const before = left();
  await assert.rejects(unpack(await packed(t, Buffer.from('plain text'))), { code: 'Z_DATA_ERROR' });
  await assert.rejects(unpack(await packed(t, whole.subarray(0, -20))), { code: 'Z_BUF_ERROR' });
  assert.deepEqual(left(), before);
});
