import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KernelTables } from '../../../../../nodes/graylog-server/io/transports/kernel-tables.ts';
import { until } from '../../../../support/until.ts';

test('who asks before a read begins shares it, and who asks later gets a newer one', async () => {
  let reads = 0;
  const tables = new KernelTables(20, async () => {
    reads += 1;
    return `table ${reads}`;
  });
  const first = [tables.read(), tables.read()];
  assert.deepEqual(await Promise.all(first), ['table 1', 'table 1']);
  const beganMs = performance.now();
  const second = [tables.read(), tables.read(), tables.read()];
  assert.deepEqual(new Set(await Promise.all(second)), new Set(['table 2']));
  assert.ok(performance.now() - beganMs >= 10, 'not at once after the first');
  assert.equal(reads, 2);
});

test('both tables are read where one of those who share a read needs both', async () => {
  const asked: boolean[] = [];
  const tables = new KernelTables(1, async (isForIpv4) => {
    asked.push(isForIpv4);
    return '';
  });
  await Promise.all([tables.read(true), tables.read(true)]);
  await Promise.all([tables.read(true), tables.read(), tables.read(true)]);
  await tables.read(true);
  assert.deepEqual(asked, [true, false, true]);
});

test('where a read takes long, the next one comes later: most of the time goes into something else', async () => {
  const TAKES_MS = 8;
  const tables = new KernelTables(1, async () => {
    for (const endMs = performance.now() + TAKES_MS; performance.now() < endMs; );
    return '';
  });
  await tables.read();
  const beganMs = performance.now();
  await tables.read();
  assert.ok(performance.now() - beganMs > 10 * TAKES_MS);
});

test('no two reads are under way at once', async () => {
  let most = 0;
  let open = 0;
  const ends: (() => void)[] = [];
  const tables = new KernelTables(0, async () => {
    open += 1;
    most = Math.max(most, open);
    await new Promise<void>((resolve) => ends.push(resolve));
    open -= 1;
    return '';
  });
  const first = tables.read();
  await until(() => ends.length === 1);
  const second = tables.read();
  ends.shift()?.();
  await first;
  await until(() => ends.length === 1);
  ends.shift()?.();
  await second;
  assert.equal(most, 1);
});
