// Risk: a restart or a kill -9 forgets what the monitoring page showed, or its file is spoilt.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { NIGHT, userDirWithHistory } from '../../support/host-history.ts';
import { startFedNodeRed } from '../../support/monitoring-page.ts';
import { until } from '../../support/until.ts';

interface Series {
  series: { [name: string]: (number[] | null)[] };
}
interface Records {
  records: [number, number, string, number, number, { short_message?: string; message?: string }][];
}

test('series, alerts and records that matter survive, and a gap stays one', async (t) => {
  const userDir = await userDirWithHistory(Date.now());
  t.after(() => rmSync(userDir, { recursive: true, force: true, maxRetries: 5 }));
  const first = await startFedNodeRed(t, { userDir });
  const before = await first.data<Series>('series?unit=minute&steps=1440');
  const measured = (found: Series): number => (found.series.cpu_percent ?? []).filter((step) => step !== null).length;
  assert.ok(measured(before) > 1_400 && measured(before) < 1_440, `${measured(before)}`);
  await first.feed(NIGHT);
  await until(async () => (await first.data<Records>('records?kind=matters')).records.length > 10);
  // It writes once a minute; the signal of an orderly end makes it write at once.
  await first.stop();
  const second = await startFedNodeRed(t, { userDir });
  const after = await second.data<Series>('series?unit=minute&steps=1440');
  assert.ok(measured(after) >= measured(before) - 3);
  const { transitions } = await second.data<{ transitions: { name: string; state: string }[] }>('alerts');
  assert.ok(
    transitions.some(({ name, state }) => name === 'endpoint down' && state === 'firing'),
    JSON.stringify(transitions),
  );
  const { records } = await second.data<Records>('records?kind=matters');
  assert.ok(records.some(([, , , , , document]) => /worker died/.test(document.short_message ?? '')));
  assert.ok(records.every(([number]) => number <= 0 || number < 100));
  await second.kill();
  const third = await startFedNodeRed(t, { userDir });
  assert.ok(measured(await third.data<Series>('series?unit=minute&steps=1440')) >= measured(before) - 3);
});

test('files that cannot be read are put aside, and Node-RED starts', async (t) => {
  const userDir = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  t.after(() => rmSync(userDir, { recursive: true, force: true, maxRetries: 5 }));
  const folder = join(userDir, 'infra-monitoring');
  const { mkdirSync } = await import('node:fs');
  mkdirSync(folder, { recursive: true });
  for (const name of ['page-series', 'page-history']) writeFileSync(join(folder, name), Buffer.alloc(5_000));
  const red = await startFedNodeRed(t, { userDir });
  await red.feed(NIGHT);
  await until(async () => (await red.data<Records>('records?kind=matters')).records.length > 10);
  const aside = readdirSync(folder).filter((name) => name.includes('.unreadable-'));
  assert.equal(aside.length, 2, aside.join());
  assert.match(red.log(), /cannot be used/);
});

test('a second Node-RED of the same user directory keeps to its memory and says so', async (t) => {
  const userDir = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  t.after(() => rmSync(userDir, { recursive: true, force: true, maxRetries: 5 }));
  const first = await startFedNodeRed(t, { userDir });
  const second = await startFedNodeRed(t, { userDir });
  assert.equal((await first.data<{ isKept: boolean }>('state')).isKept, true);
  assert.equal((await second.data<{ isKept: boolean }>('state')).isKept, false);
});
