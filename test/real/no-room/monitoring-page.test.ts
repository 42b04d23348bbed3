// Risk: a full disk, or a kill -9 while it writes, ends Node-RED, stops the page's series, or spoils what they have kept.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { errorCode } from '../../../lib/errors.ts';
import { STATE_FOLDER } from '../../../lib/io/state-file.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type FedNodeRed, startFedNodeRed } from '../../support/monitoring-page.ts';
import { packageRoot } from '../../support/node-red.ts';
import { real } from '../../support/real.ts';
import { canMount, mountSmallDisk } from '../../support/small-disk.ts';
import { until } from '../../support/until.ts';

const SPEED = 30;
const MINUTE_MS = 60_000;
const DISK_MEGABYTES = 9;
const preload = pathToFileURL(join(packageRoot, 'test/support/clock-preload.mjs')).href;

interface Series {
  readonly nowMs: number;
  readonly fromMs: number;
  readonly series: { readonly cpu_percent?: readonly (readonly number[] | null)[] };
}

const seriesOf = (red: FedNodeRed): Promise<Series> => red.data<Series>('series?unit=minute&steps=60');

/** The minutes, counted from 1970, in which something was measured. */
function minutesOf({ fromMs, series }: Series): number[] {
  const from = fromMs / MINUTE_MS;
  return (series.cpu_percent ?? []).flatMap((step, index) => (step === null ? [] : [from + index]));
}

/** Feeds until so many of Node-RED's minutes have passed. Gives its time. */
async function feedMinutes(red: FedNodeRed, minutes: number): Promise<number> {
  const { nowMs: beganMs } = await seriesOf(red);
  let nowMs = beganMs;
  while (nowMs < beganMs + minutes * MINUTE_MS) {
    await red.feed([{ log_type: 'uptime', message: 'up', load_1m: 1, cpu_percent: 25, cpu_count: 4 }]);
    nowMs = (await seriesOf(red)).nowMs;
  }
  return nowMs;
}

test('a full disk and a kill -9: the series go on, and at most a minute is lost', {
  ...real('right to mount a tmpfs', canMount),
  timeout: 180_000,
}, async (t) => {
  const userDir = temporaryFolder();
  const folder = join(userDir, STATE_FOLDER);
  mkdirSync(folder);
  mountSmallDisk(`${DISK_MEGABYTES}m`, folder);
  const clock = join(userDir, 'clock');
  const env = { NODE_OPTIONS: `--import=${preload}`, CLOCK_FILE: clock };
  const first = await startFedNodeRed(t, { userDir, env: { ...env, CLOCK_SPEED: String(SPEED) } });
  const file = join(folder, 'page-series');
  const writtenMs = (): number => statSync(file).mtimeMs;
  const created = writtenMs();
  await feedMinutes(first, 2);
  await until(() => writtenMs() > created);

  // Full to the last byte.
  const filler = join(folder, 'filler');
  for (const bytes of [1_000_000, 50_000, 4_096]) {
    for (;;) {
      try {
        writeFileSync(filler, Buffer.alloc(bytes), { flag: 'a' });
      } catch (error) {
        assert.equal(errorCode(error), 'ENOSPC');
        break;
      }
    }
  }
  await feedMinutes(first, 4);
  await first.logged(/\[monitoring-page\].*(?:full|room|space|ENOSPC)/i);
  assert.equal(first.process.exitCode, null);
  rmSync(filler);
  const full = writtenMs();
  await feedMinutes(first, 2);
  await until(() => writtenMs() > full);
  const lastMs = await feedMinutes(first, 2);
  const before = minutesOf(await seriesOf(first));
  await first.kill();

  writeFileSync(clock, String(lastMs - Date.now()));
  const second = await startFedNodeRed(t, { userDir, env });
  const after = minutesOf(await seriesOf(second));
  const lost = before.filter((minute) => !after.includes(minute));
  t.diagnostic(`${before.length} minutes were measured, ${lost.length} lost`);
  // The one that had begun, and the one before it: it is written once a minute.
  const last = before.at(-1) ?? 0;
  assert.ok(
    lost.every((minute) => minute >= last - 1),
    `${lost} of ${before}`,
  );
  for (let minute = before[0] ?? 0; minute < last - 1; minute += 1) assert.ok(after.includes(minute), `${minute}`);
  await second.feed([{ log_type: 'uptime', message: 'up', load_1m: 1, cpu_percent: 30, cpu_count: 4 }]);
  const now = Math.floor(lastMs / MINUTE_MS);
  await until(async () => minutesOf(await seriesOf(second)).some((minute) => minute >= now));
});
