import assert from 'node:assert/strict';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { keysOf } from '../../../../../nodes/graylog-server/io/buffer/queue.ts';
import { drain, openBuffer, storeFolder } from '../../../../support/record-buffer.ts';
import { until } from '../../../../support/until.ts';

/** Everything below a folder. */
function pathsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
}

function openToOthers(folder: string): string[] {
  return [folder, ...pathsBelow(folder)].filter((path) => (statSync(path).mode & 0o077) !== 0);
}

function withUmask(t: TestContext, umask: number): void {
  const before = process.umask(umask);
  t.after(() => process.umask(before));
}

test('files and folders are for their owner alone under umask 022, also those that were there before', async (t) => {
  withUmask(t, 0o022);
  const path = join(dirname(storeFolder()), 'infra-monitoring', 'buffer-a-main');
  const first = openBuffer(t, { path, diskSize: 2_000_000 });
  void first.enqueue(...Array.from({ length: 3_000 }, (_, n) => `${n} ${'x'.repeat(200)}`));
  first.buffer.setAway(true);
  await first.buffer.setAside('{}', 'HTTP 403');
  await until(() => openToOthers(dirname(path)).length === 0);
  await first.buffer.close();
  assert.deepEqual(openToOthers(dirname(path)), []);
  for (const one of [dirname(path), ...pathsBelow(dirname(path))]) {
    chmodSync(one, statSync(one).isDirectory() ? 0o755 : 0o644);
  }
  const second = openBuffer(t, { path });
  await second.buffer.open();
  assert.deepEqual(
    openToOthers(dirname(path)).filter((one) => !one.includes('refused')),
    [],
  );
});

function bytesBelow(folder: string): number {
  let bytes = 0;
  for (const path of pathsBelow(folder)) bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return bytes;
}

/** What LevelDB cannot make smaller. */
function noise(seed: number, from: number, letters: number): string {
  let state = seed + 1;
  return Array.from({ length: 300 }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return String.fromCharCode(from + ((state >>> 8) % letters));
  }).join('');
}

for (const [name, from, letters] of [
  ['ASCII', 0x21, 90],
  ['Chinese', 0x4e00, 20_000],
] as const) {
  test(`a full buffer of ${name} takes no more than its bound on disk, and no less than most of it`, async (t) => {
    const path = storeFolder();
    const bound = 4 * 1_048_576;
    const opened = openBuffer(t, { path, diskSize: bound, memorySize: 32 * 1_048_576 });
    opened.buffer.setAway(true);
    let most = 0;
    let fed = 0;
    for (let n = 0; fed < 2 * bound; n += 200) {
      const texts = Array.from({ length: 200 }, (_, i) => noise(n + i, from, letters));
      fed += texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
      await opened.enqueue(...texts);
      most = Math.max(most, bytesBelow(path));
    }
    assert.ok(opened.dropped > 0);
    assert.ok(most < 1.2 * bound, `${most} bytes`);
    assert.ok(bytesBelow(path) > 0.8 * bound, `${bytesBelow(path)} bytes`);
    opened.buffer.setAway(false);
    opened.buffer.releaseBatches(keysOf(await drain(opened.buffer)));
    await until(() => bytesBelow(path) < 0.2 * bound);
  });
}
