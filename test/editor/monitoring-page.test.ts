import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { hasBrowser, openPage } from '../support/browser.ts';
import { screenshotFolder } from '../support/editor.ts';
import { NIGHT, startFedNodeRed, userDirWithHistory } from '../support/monitoring-page.ts';
import { real } from '../support/real.ts';
import { until } from '../support/until.ts';

async function shot(page: Page, name: string): Promise<void> {
  mkdirSync(screenshotFolder(), { recursive: true });
  await page.screenshot({ path: join(screenshotFolder(), `${name}.png`), fullPage: true });
}

test('the page', real('Chromium', hasBrowser), async (t) => {
  const red = await startFedNodeRed(t, { userDir: await userDirWithHistory(Date.now()) });
  await red.feed(NIGHT);
  const page = await openPage(t);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  await page.goto(`${red.url}/infra-monitoring/`);
  await page.locator('.im-tile').first().waitFor();
  await page.locator('canvas').first().waitFor();

  for (const width of [1400, 768, 360]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await t.test(`has no sideways scroll at ${width}, ${colorScheme}`, async () => {
        await until(() => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
        await shot(page, `page-${width}-${colorScheme}`);
      });
    }
  }
  await t.test('loading it makes no error', () => assert.deepEqual(faults, []));
});
