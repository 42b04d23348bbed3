import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { errorCode } from '../../../../../lib/errors.ts';
import { type UnpackLimits, unpack } from '../../../../../lib/io/file/unpack.ts';
import { temporaryFolder } from '../../../../support/folder.ts';
import { program, real } from '../../../../support/real.ts';
import { newUnpacker } from '../../../../support/unpacker.ts';

const limits: UnpackLimits = { largestBytes: 1e9, signal: new AbortController().signal };

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
  const handle = await unpack(await packed(t, gzipSync(text)), 'a.gz', limits);
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
  await assert.rejects(unpack(await packed(t, Buffer.from('plain text')), 'a.gz', limits), { code: 'Z_DATA_ERROR' });
  await assert.rejects(unpack(await packed(t, whole.subarray(0, -20)), 'a.gz', limits), { code: 'Z_BUF_ERROR' });
  assert.equal(
    readdirSync(folder).some((name) => name.startsWith('auth-log-in-')),
    false,
  );
});

test('unpack() ends at the largest length and at its signal, and leaves no file behind', async (t) => {
  const folder = ownTmpdir(t);
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  await assert.rejects(unpack(await packed(t, bomb), 'a.gz', { ...limits, largestBytes: 1_000_000 }), {
    code: 'UNPACKED_TOO_LONG',
  });
  await assert.rejects(unpack(await packed(t, bomb), 'a.gz', { ...limits, signal: AbortSignal.abort() }), {
    name: 'AbortError',
  });
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('auth-log-in-')),
    [],
  );
});

test('an unpacker ends at its deadline and says why, also where the file is not damaged', async (t) => {
  const errors: unknown[] = [];
  const onFault = (_: string, error: unknown): void => void errors.push(error);
  const { unpacker } = newUnpacker({ deadlineMs: 1, onFault });
  const handle = await packed(t, gzipSync(Buffer.alloc(200_000_000)));
  const file = { name: 'a.gz', device: '1', inode: '1', size: 1, modifiedNs: 1n, handle, isUnpacked: false };
  assert.equal(await unpacker.unpack(file, true), 'unfinished');
  assert.equal(await unpacker.unpack(file, true), 'unfinished');
  assert.equal(await unpacker.unpack(file, true), 'damaged');
  assert.equal(await unpacker.unpack(file, true), 'damaged');
  assert.deepEqual(errors.map(errorCode), ['UNPACKED_TOO_LATE']);
});

const TEXT = 'one\n'.repeat(50_000);

for (const [name, program_, options] of [
  ['a.zst', 'zstd', ['-c']],
  ['a.xz', 'xz', ['-c']],
  ['a.bz2', 'bzip2', ['-c']],
] as const) {
  test(
    `unpack() gives the text of ${name}, and rejects it cut`,
    real(program_, program(program_) !== undefined),
    async (t) => {
      const whole = execFileSync(program_, options, { input: TEXT });
      const handle = await unpack(await packed(t, whole), name, limits);
      t.after(() => handle.close());
      assert.equal(await handle.readFile('utf8'), TEXT);
      await assert.rejects(unpack(await packed(t, whole.subarray(0, -6)), name, limits));
      await assert.rejects(unpack(await packed(t, whole), name, { ...limits, largestBytes: 100 }), {
        code: 'UNPACKED_TOO_LONG',
      });
    },
  );
}

test('unpack() names the program that is not there, and the one that fails', async (t) => {
  const path = process.env.PATH;
  t.after(() => {
    process.env.PATH = path;
  });
  await assert.rejects(unpack(await packed(t, Buffer.from('x')), 'a.xz', limits), {
    code: 'UNPACKER_FAILED',
    values: { program: 'xz', reason: 'xz: (stdin): File format not recognized' },
  });
  process.env.PATH = '/nowhere';
  await assert.rejects(unpack(await packed(t, Buffer.from('x')), 'a.xz', limits), {
    code: 'UNPACKER_MISSING',
    values: { program: 'xz' },
  });
});
