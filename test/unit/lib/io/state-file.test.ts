import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openStateFile, STATE_FOLDER } from '../../../../lib/io/state-file.ts';

function userDir(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('`read()` gives what was written last, also to the next process', async (t) => {
  const folder = userDir(t);
  await openStateFile(folder, 'auth-1').write({ offset: 7 });
  assert.deepEqual(openStateFile(folder, 'auth-1').read(), { offset: 7 });
  assert.equal(openStateFile(folder, 'auth-1').path, join(folder, STATE_FOLDER, 'auth-1.json'));
});

test('`read()` gives nothing where there is no file, or a damaged one', async (t) => {
  const file = openStateFile(userDir(t), 'auth-1');
  assert.equal(file.read(), undefined);
  mkdirSync(dirname(file.path));
  writeFileSync(file.path, '{"offset":');
  assert.equal(file.read(), undefined);
});

test('`write()` leaves the newest of many states, whole, and no temporary file', async (t) => {
  const folder = userDir(t);
  const file = openStateFile<{ offset: number }>(folder, 'auth-1');
  await Promise.all(Array.from({ length: 50 }, (_, offset) => file.write({ offset })));
  assert.equal(readFileSync(file.path, 'utf8'), '{"offset":49}');
  assert.deepEqual(readdirSync(join(folder, STATE_FOLDER)), ['auth-1.json']);
});

test("`write()` rejects with the file system's error, and works again when the cause is gone", async (t) => {
  const folder = userDir(t);
  const obstacle = join(folder, STATE_FOLDER);
  writeFileSync(obstacle, 'a file where the folder should be');
  const file = openStateFile(folder, 'auth-1');
  await assert.rejects(file.write({ offset: 1 }), { code: 'EEXIST' });
  rmSync(obstacle);
  await file.write({ offset: 2 });
  assert.deepEqual(file.read(), { offset: 2 });
});

test('`remove()` deletes the state after what is being written', async (t) => {
  const file = openStateFile(userDir(t), 'auth-1');
  const written = file.write({ offset: 1 });
  await file.remove();
  await written;
  assert.equal(file.read(), undefined);
  await file.remove();
});
