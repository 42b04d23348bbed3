import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { STATE_FOLDER, StateFile } from '../../../../lib/io/state-file.ts';

function userDir(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('`read()` gives what was written last, also to the next process', async (t) => {
  const folder = userDir(t);
  await new StateFile<unknown>(folder, 'auth-1', (value) => value).write({ offset: 7 });
  assert.deepEqual(new StateFile<unknown>(folder, 'auth-1', (value) => value).read(), { offset: 7 });
  assert.equal(
    new StateFile<unknown>(folder, 'auth-1', (value) => value).path,
    join(folder, STATE_FOLDER, 'auth-1.json'),
  );
});

test('`read()` gives nothing where there is no file, or a damaged one', async (t) => {
  const file = new StateFile<unknown>(userDir(t), 'auth-1', (value) => value);
  assert.equal(file.read(), undefined);
  mkdirSync(dirname(file.path));
  writeFileSync(file.path, '{"offset":');
  assert.equal(file.read(), undefined);
});

test('`write()` leaves the newest of many states, whole, and no temporary file', async (t) => {
  const folder = userDir(t);
  const file = new StateFile<{ offset: number }>(folder, 'auth-1', (value) => value as { offset: number });
  await Promise.all(Array.from({ length: 50 }, (_, offset) => file.write({ offset })));
  assert.equal(readFileSync(file.path, 'utf8'), '{"offset":49}');
  assert.deepEqual(readdirSync(join(folder, STATE_FOLDER)), ['auth-1.json']);
});

test("`write()` rejects with the file system's error, and works again when the cause is gone", async (t) => {
  const folder = userDir(t);
  const obstacle = join(folder, STATE_FOLDER);
  writeFileSync(obstacle, 'a file where the folder should be');
  const file = new StateFile<unknown>(folder, 'auth-1', (value) => value);
  await assert.rejects(file.write({ offset: 1 }), { code: 'EEXIST' });
  rmSync(obstacle);
  await file.write({ offset: 2 });
  assert.deepEqual(file.read(), { offset: 2 });
});

test('`remove()` deletes the state after what is being written', async (t) => {
  const file = new StateFile<unknown>(userDir(t), 'auth-1', (value) => value);
  const written = file.write({ offset: 1 });
  await file.remove();
  await written;
  assert.equal(file.read(), undefined);
  await file.remove();
});
