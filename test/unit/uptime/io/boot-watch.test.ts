import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StateFile } from '../../../../lib/io/state-file.ts';
import { BootWatch } from '../../../../nodes/uptime/io/boot-watch.ts';
import { type Boot, parseBoot } from '../../../../nodes/uptime/reboot.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const open = (folder: string): BootWatch => new BootWatch(new StateFile(folder, 'uptime-u', parseBoot), assert.ifError);
const saved = (folder: string): Boot | undefined => new StateFile(folder, 'uptime-u', parseBoot).read();
const boot = (id: string, seenMs: number): Boot => ({ id, uptimeSeconds: 100, seenMs });

/** Lets a watch see a boot, and gives when the boots before were seen that it called a reboot from. */
function see(watch: BootWatch, next: Boot): (number | string)[] {
  const told: (number | string)[] = [];
  watch.see(next, ({ seenMs }, isCorrection) => told.push(isCorrection ? `${seenMs} again` : seenMs));
  return told;
}

test('a reboot is told once, also one that happened between two runs of Node-RED', async () => {
  const folder = temporaryFolder();
  const first = open(folder);
  assert.deepEqual(see(first, boot('a', 1)), []);
  assert.deepEqual(see(first, boot('b', 2)), [1]);
  await first.close(false);
  const { reboot, ...kept } = saved(folder) ?? {};
  assert.deepEqual(kept, boot('b', 2));
  assert.deepEqual(reboot, { before: { uptimeSeconds: 100, seenMs: 1 }, bootMs: -99_998 });
  const second = open(folder);
  assert.deepEqual(see(second, boot('c', 3)), [2]);
  assert.deepEqual(see(second, boot('c', 4)), []);
  await second.close(false);
});

test('a boot is written down at the first sample, after a reboot, and at the end', async (t) => {
  const file = new StateFile(temporaryFolder(), 'uptime-u', parseBoot);
  const written = t.mock.method(file, 'write');
  const watch = new BootWatch(file, assert.ifError);
  for (const next of [boot('a', 1), boot('a', 2), boot('b', 3), boot('b', 4), boot('b', 5)]) see(watch, next);
  await watch.close(false);
  assert.deepEqual(
    written.mock.calls.map(({ arguments: [value] }) => value.seenMs),
    [1, 3, 5],
  );
});

test('the file of a node that is removed goes with it', async () => {
  const folder = temporaryFolder();
  const watch = open(folder);
  see(watch, boot('a', 1));
  await watch.close(true);
  assert.equal(saved(folder), undefined);
});

test('a reboot is told again when the clock is set after it, also while Node-RED is down', async () => {
  const hour = 3_600_000;
  const start = Date.now() - 10 * hour;
  const folder = temporaryFolder();
  const first = open(folder);
  see(first, boot('a', start));
  assert.deepEqual(see(first, boot('b', start - 2 * hour)), [start], 'the clock is two hours behind');
  assert.deepEqual(see(first, boot('b', start - 2 * hour + 30_000)), [], 'a little is no jump');
  assert.deepEqual(see(first, boot('b', start + hour)), [`${start} again`]);
  assert.deepEqual(see(first, boot('b', start + hour)), []);
  await first.close(false);
  const second = open(folder);
  assert.deepEqual(see(second, boot('b', start + 3 * hour)), [`${start} again`]);
  assert.deepEqual(see(second, boot('c', start + 4 * hour)), [start + 3 * hour], 'the next reboot');
  await second.close(false);
});

test("a clock that is set without a reboot that was told is nobody's business", async () => {
  const watch = open(temporaryFolder());
  assert.deepEqual(see(watch, boot('a', 1_800_000_000_000)), []);
  assert.deepEqual(see(watch, boot('a', 1_900_000_000_000)), []);
  await watch.close(false);
});
