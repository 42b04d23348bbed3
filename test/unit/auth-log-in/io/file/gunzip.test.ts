import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
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

/** Gives the test a folder of its own for temporary files. */
function ownTmpdir(t: TestContext): string {
  const before = process.env.TMPDIR;
  const folder = temporaryFolder();
  process.env.TMPDIR = folder;
  t.after(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  });
  return folder;
}

test('unpack() gives the text of a gzip file and leaves no file behind', async (t) => {
  const text = 'one\n'.repeat(50_000);
  const folder = ownTmpdir(t);
  const handle = await unpack(await packed(t, gzipSync(text)));
  t.after(() => handle.close());
  assert.equal(await handle.readFile('utf8'), text);
  assert.equal(
    readdirSync(folder).some((name) => name.startsWith('auth-log-in-')),
    false,
  );
});

test('unpack() rejects a file that is not gzip, or not whole yet, and leaves no file behind', async (t) => {
  const whole = gzipSync('one\n'.repeat(50_000));
  const folder = ownTmpdir(t);
  await assert.rejects(unpack(await packed(t, Buffer.from('plain text'))), { code: 'Z_DATA_ERROR' });
  await assert.rejects(unpack(await packed(t, whole.subarray(0, -20))), { code: 'Z_BUF_ERROR' });
  assert.equal(
    readdirSync(folder).some((name) => name.startsWith('auth-log-in-')),
    false,
  );
});
