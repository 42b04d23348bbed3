import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { hasBrowser, openPage } from '../support/browser.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startFedNodeRed } from '../support/monitoring-page.ts';
import { packageRoot } from '../support/node-red.ts';
import { real } from '../support/real.ts';
import { until } from '../support/until.ts';

const HOUR_MS = 3_600_000;
const RIGHT_AGAIN_MS = 3_000;
const preload = pathToFileURL(join(packageRoot, 'test/support/clock-preload.mjs')).href;

const uptime = (cpu_percent: number): object => ({
  log_type: 'uptime',
  message: `load ${cpu_percent}`,
  load_1m: 1.5,
  load_per_core_1m: 0.5,
  cpu_count: 3,
  cpu_percent,
});

interface Series {
  readonly nowMs: number;
  readonly fromMs: number;
  readonly series: { readonly [name: string]: readonly (readonly number[] | null)[] };
}

/** The clock at the top of the page, in seconds of the day. */
async function clockOf(page: Page): Promise<number> {
  const [, hours, minutes, seconds] = /(\d\d):(\d\d):(\d\d)/.exec(await page.locator('.im-clock').innerText()) ?? [];
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}

/** How far two times of the day are from each other, in seconds. */
function apart(one: number, other: number): number {
  const off = Math.abs(one - other) % 86_400;
  return Math.min(off, 86_400 - off);
}

const secondsOf = (ms: number): number => Math.floor(ms / 1_000) % 86_400;

test('clocks that are wrong, jump, or stand still', real('Chromium', hasBrowser), async (t) => {
  const file = join(temporaryFolder(), 'clock');
  let aheadMs = 0;
  const setAhead = (ms: number): void => {
    aheadMs = ms;
    writeFileSync(file, String(ms));
  };
  setAhead(0);
  const red = await startFedNodeRed(t, { env: { NODE_OPTIONS: `--import=${preload}`, CLOCK_FILE: file } });
  const hostMs = (): number => Date.now() + aheadMs;
  await red.feed([uptime(11)]);
  const first = await openPage(t);
  const open = async (options: BrowserContextOptions, deviceAheadMs = 0): Promise<Page> => {
    const context = await first
      .context()
      .browser()
      ?.newContext({ timezoneId: 'UTC', ...options });
    assert.ok(context !== undefined);
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    await page.addInitScript((ms) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + ms;
    }, deviceAheadMs);
    await page.goto(`${red.url}/infra-monitoring/`);
    await page.locator('.im-clock').waitFor();
    return page;
  };
  const isRight = async (page: Page): Promise<boolean> => apart(await clockOf(page), secondsOf(hostMs())) <= 3;
  const series = (steps: number): Promise<Series> => red.data<Series>(`series?unit=minute&steps=${steps}`);
  const cpuAt = (found: Series): number[] =>
    (found.series.cpu_percent ?? []).flatMap((step, index) => (step === null ? [] : [found.fromMs / 60_000 + index]));

  for (const deviceAheadMs of [HOUR_MS, -HOUR_MS]) {
    await t.test(`a device whose clock is ${deviceAheadMs / HOUR_MS} h off shows the host’s time`, async () => {
      const page = await open({}, deviceAheadMs);
      assert.ok(await isRight(page), `${await clockOf(page)}`);
      await page.getByText(/The clock of this device is (1 h|59 min) off/).waitFor();
      await page.getByText(/live, \d s ago/).waitFor();
      assert.match(await page.locator('.im-tile', { hasText: 'Load per core' }).innerText(), /0\.5/);
      await page.context().close();
    });
  }

  const page = await open({});
  for (const [name, ms] of [
    ['forwards', HOUR_MS],
    ['back', 0],
  ] as const) {
    await t.test(`the host’s clock is set an hour ${name}: the page follows, and the series go on`, async () => {
      const before = cpuAt(await series(180));
      setAhead(ms);
      await until(async () => Math.abs((await series(1)).nowMs - hostMs()) < 2_000);
      await red.feed([uptime(22)]);
      await until(() => isRight(page));
      const minute = Math.floor(hostMs() / 60_000);
      await until(async () => cpuAt(await series(180)).some((one) => Math.abs(one - minute) <= 1));
      const after = cpuAt(await series(180));
      assert.equal(new Set(after).size, after.length);
      // What was measured before the jump stays where it was; of a time that is still to come nothing is shown.
      const known = before.filter((one) => one <= minute);
      assert.ok(
        known.every((one) => after.includes(one)),
        `${known} ${after}`,
      );
      assert.ok(after.every((one) => one <= minute + 1));
    });
  }

  await t.test('a tab that was frozen for an hour is right within three seconds', async () => {
    const session = await page.context().newCDPSession(page);
    await page.locator('.im-chips button').nth(1).click();
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    setAhead(HOUR_MS);
    await until(async () => Math.abs((await series(1)).nowMs - hostMs()) < 2_000);
    await red.feed([uptime(33), { log_type: 'docker_log', container_name: 'c', message: 'while it was frozen' }]);
    const beganMs = performance.now();
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await page.locator('.im-record', { hasText: 'while it was frozen' }).waitFor();
    await until(() => isRight(page));
    const tookMs = performance.now() - beganMs;
    t.diagnostic(`right after ${tookMs.toFixed(0)} ms`);
    assert.ok(tookMs < RIGHT_AGAIN_MS, `${tookMs}`);
    await page.getByText(/live, \d s ago/).waitFor();
  });

  for (const [name, day, lines] of [
    ['is put forwards', '2027-03-28T01:30:00Z', ['01:58', '01:59', '03:00', '03:01']],
    ['is put back', '2027-10-31T01:30:00Z', ['02:58', '02:59', '02:00', '02:01']],
  ] as const) {
    await t.test(
      `on the day when a reader’s clock ${name}, each minute has its time, and no line is bent`,
      async () => {
        setAhead(Date.parse(day) - Date.now());
        await until(async () => Math.abs((await series(1)).nowMs - hostMs()) < 2_000);
        await red.feed([uptime(44)]);
        const reader = await open({ timezoneId: 'Europe/Berlin' });
        const local = day.startsWith('2027-03') ? '03:3' : '02:3';
        await reader.locator('.im-clock', { hasText: local }).waitFor();
        await reader.getByText('times in Europe/Berlin').waitFor();
        await reader.getByRole('button', { name: '1 h', exact: true }).click();
        await reader.locator('.im-chart summary').first().click();
        const rows = reader.locator('.im-chart').first().locator('tbody tr');
        await rows.nth(59).waitFor();
        const times = await rows.locator('td:first-child').allInnerTexts();
        assert.ok(times.join(' ').includes(lines.join(' ')), times.join(' '));
        assert.equal(times.length, 60);
        // A step is a minute of the host, whatever the reader's clock does: the hole before it has all its steps.
        const found = await series(60);
        assert.equal(found.series.cpu_percent?.length, 60);
        await reader.context().close();
      },
    );
  }
  await t.test('Node-RED had no fault', () => assert.doesNotMatch(red.log(), /uncaught|\[error\]/i));
});
