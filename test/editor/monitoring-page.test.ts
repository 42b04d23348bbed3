import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { hasBrowser, openPage } from '../support/browser.ts';
import { screenshotFolder } from '../support/editor.ts';
import { NIGHT, userDirWithHistory } from '../support/host-history.ts';
import { showWhole, startFedNodeRed } from '../support/monitoring-page.ts';
import { real } from '../support/real.ts';
import { until } from '../support/until.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function shot(page: Page, name: string): Promise<void> {
  mkdirSync(screenshotFolder(), { recursive: true });
  const before = page.viewportSize();
  await showWhole(page);
  await page.screenshot({ path: join(screenshotFolder(), `${name}.png`) });
  if (before !== null) await page.setViewportSize(before);
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
  await t.test('the axe-core rules find nothing serious, light and dark, on a phone too', async () => {
    for (const [width, colorScheme] of [
      [1400, 'light'],
      [1400, 'dark'],
      [360, 'light'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await seriousFaults(page), [], `${width} ${colorScheme}`);
    }
  });

  await t.test('one line is a line, more of them are lines', async () => {
    const linesOf = (name: string) => page.locator('li', { hasText: name }).locator('.im-lines');
    assert.equal(await linesOf('worker').first().textContent(), '1 line');
    assert.equal(await linesOf('proxy').first().textContent(), '30 lines');
  });

  await t.test('what may ring soon stands below what rings, and the charts show from where on it rings', async () => {
    const pending = page.locator('.im-pending', { hasText: 'password guessing' });
    await pending.getByText('203.0.113.21, 12 of 20').waitFor();
    await page.locator('.im-rings', { hasText: '1 pending' }).waitFor();
    await page.locator('.im-plot[aria-label*="limit 90 %"]').waitFor();
  });

  await t.test('a reading of a chart is moved by the arrow keys, and a gap is said', async () => {
    await page.setViewportSize({ width: 1400, height: 900 });
    const plot = page.locator('.im-plot').first();
    await plot.focus();
    await plot.press('ArrowLeft');
    await page.locator('.im-chart output', { hasText: 'max' }).first().waitFor();
    await page.locator('.im-chart summary').first().click();
    await page.locator('.im-chart tbody tr').nth(59).waitFor();
    await page.locator('.im-chart summary').first().click();
    await page.getByRole('button', { name: '24 h', exact: true }).click();
    await page.locator('.im-chart').first().locator('canvas').waitFor();
    await page.getByRole('button', { name: '30 d', exact: true }).click();
    await page.locator('.im-chart').first().locator('canvas').waitFor();
    await page.getByRole('button', { name: '6 h', exact: true }).click();
    await page.locator('canvas').first().waitFor();
  });

  await t.test('nothing of it makes an error', () => assert.deepEqual(faults, []));
});

interface AxeResult {
  violations: { id: string; impact: string; nodes: { html: string }[] }[];
}

/** What the rules find that is serious or worse. The page's own policy lets no script of others in, so it is evaluated. */
async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate('axe.run()')) as AxeResult;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 150)).join(' | ')}`);
}
