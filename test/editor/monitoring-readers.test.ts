import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { visible } from '../../lib/visible.ts';
import { hasBrowser, openPage } from '../support/browser.ts';
import { screenshotFolder } from '../support/editor.ts';
import { NIGHT, userDirWithHistory } from '../support/host-history.ts';
import { HOSTILE_TEXTS } from '../support/hostile-texts.ts';
import { startFedNodeRed } from '../support/monitoring-page.ts';
import { real } from '../support/real.ts';
import { until } from '../support/until.ts';

async function shot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(screenshotFolder(), `${name}.png`), fullPage: true });
}

test('the page for all readers, and whatever it shows', real('Chromium', hasBrowser), async (t) => {
  const red = await startFedNodeRed(t, { userDir: await userDirWithHistory(Date.now()) });
  await red.feed(NIGHT);
  const page = await openPage(t);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  await page.goto(`${red.url}/infra-monitoring/`);
  await page.locator('canvas').first().waitFor();

  await t.test('hostile texts are texts, in the list, the tiles, the charts and what rings', async () => {
    await red.feed(
      HOSTILE_TEXTS.flatMap((text) => {
        const name = text.slice(0, 80) || 'x';
        return [
          { log_type: 'docker_log', level: 3, stream: 'stderr', container_name: name, message: text || 'x' },
          {
            log_type: 'http_check',
            level: 3,
            message: name,
            check_name: name,
            check_state: 'down',
            event_outcome: 'failure',
            result_type: 'timeout',
          },
          {
            log_type: 'disk',
            level: 4,
            message: name,
            disk_mount: name,
            disk_state: 'critical',
            disk_used_percent: 99,
          },
          {
            log_type: 'auth',
            level: 4,
            message: text || 'x',
            event_action: 'ssh_login_failed',
            user_name: name,
            source_ip: name,
            login_failures: 1,
          },
        ];
      }),
    );
    await page.locator('.im-ring', { hasText: '<script>alert(1)</script>' }).first().waitFor();
    await page.locator('.im-endpoints', { hasText: '<script>alert(1)</script>' }).waitFor();
    await page.getByRole('button', { name: '1 h', exact: true }).click();
    await page.locator('.im-record', { hasText: 'evil.example' }).first().waitFor();
    assert.equal(await page.locator('main :is(img, script, iframe, object, embed, main a)').count(), 0);
    // No colours, and what steers is written out.
    const texts = (await page.locator('main').innerText()).replaceAll('\n', '').replaceAll('\t', '');
    assert.equal(visible(texts), texts);
    await page.setViewportSize({ width: 360, height: 900 });
    await until(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await shot(page, 'page-hostile-360');
  });

  for (const [locale, title] of [
    ['de-AT', 'Letzte Stunde'],
    ['zh-CN', '最近一小时'],
  ] as const) {
    await t.test(`it speaks ${locale}`, async () => {
      const context = await page
        .context()
        .browser()
        ?.newContext({ locale, viewport: { width: 768, height: 900 }, timezoneId: 'America/New_York' });
      assert.ok(context !== undefined);
      const other = await context.newPage();
      await other.goto(`${red.url}/infra-monitoring/`);
      await other.getByRole('heading', { name: title }).first().waitFor();
      assert.equal(await other.evaluate(() => document.documentElement.lang), locale);
      assert.equal(await other.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
      await shot(other, `page-768-${locale}`);
      await context.close();
    });
  }

  await t.test('a device whose clock is an hour off shows the host’s time, and says so', async () => {
    const context = await page.context().browser()?.newContext();
    assert.ok(context !== undefined);
    const other = await context.newPage();
    await other.addInitScript(() => {
      const now = Date.now.bind(Date);
      Date.now = () => now() - 3_600_000;
    });
    await other.goto(`${red.url}/infra-monitoring/`);
    await other.getByText(/The clock of this device is (1 h|59 min) off/).waitFor();
    await other.getByText(/live, \ds? ?s? ago|live, \d s ago/).waitFor();
    await context.close();
  });
  await t.test('nothing of it makes an error', () => assert.deepEqual(faults, []));
});
