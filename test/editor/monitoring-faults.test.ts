import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page, Route } from 'playwright-core';
import { hasBrowser, openPage } from '../support/browser.ts';
import { NIGHT } from '../support/host-history.ts';
import { startFedNodeRed } from '../support/monitoring-page.ts';
import { real } from '../support/real.ts';
import { until } from '../support/until.ts';

const CHANGES_OF_RANGE = 40;

/** Answers with what the server answered, changed. */
function changed(change: (body: { [name: string]: unknown }) => object) {
  return async (route: Route): Promise<void> => {
    const response = await route.fetch();
    await route.fulfill({ response, json: change((await response.json()) as { [name: string]: unknown }) });
  };
}

test('what goes wrong between a reader and the page', real('Chromium', hasBrowser), async (t) => {
  const red = await startFedNodeRed(t);
  await red.feed(NIGHT);
  const first = await openPage(t);
  const open = async (prepare: (page: Page) => Promise<unknown> = async () => undefined): Promise<Page> => {
    const context = await first
      .context()
      .browser()
      ?.newContext({ viewport: { width: 1400, height: 900 } });
    assert.ok(context !== undefined);
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    await prepare(page);
    await page.goto(`${red.url}/infra-monitoring/`);
    await page.locator('.im-record').first().waitFor();
    return page;
  };
  const line = (message: string): object => ({
    ...{ log_type: 'docker_log', level: 3, stream: 'stderr', container_name: 'late', message },
  });

  await t.test('an answer of a proxy that has lost the server is asked for again, whatever its status', async () => {
    let refusals = 0;
    const page = await open((made) =>
      made.route('**/data/poll*', (route) => {
        refusals += 1;
        return refusals <= 3 ? route.fulfill({ status: [502, 401, 404][refusals - 1] ?? 502 }) : route.continue();
      }),
    );
    await until(() => refusals >= 3, 30_000);
    await red.feed([line('after the refusals')]);
    await page.locator('.im-record', { hasText: 'after the refusals' }).waitFor();
    await page.getByText(/live, \d+ s ago/).waitFor();
    await page.context().close();
  });

  await t.test('who had logged in, and no longer is, is told so where others may read, too', async () => {
    const page = await open(async (made) => {
      await made.addInitScript(() => localStorage.setItem('auth-tokens', '{"access_token":"an-old-one"}'));
      await made.route(
        '**/data/whoami',
        changed((who) => ({ ...who, isAnonymous: true, withNames: false })),
      );
    });
    await page.getByText('Your session has ended').waitFor();
    await page.context().close();
  });

  await t.test('a new version of the page is offered', async () => {
    const page = await open();
    await page.route(
      '**/data/state',
      changed((state) => ({ ...state, build: 'another' })),
    );
    await page.getByText('There is a new version of this page').waitFor();
    await page.context().close();
  });

  await t.test('what cannot be copied is shown to be copied by hand', async () => {
    const page = await open((made) =>
      made.addInitScript(() => {
        Object.defineProperty(navigator, 'clipboard', { value: undefined });
        document.execCommand = () => false;
      }),
    );
    await page.locator('.im-record-line', { hasText: 'worker died' }).click();
    await page.getByRole('button', { name: 'copy', exact: true }).click();
    await page.getByRole('button', { name: 'not copied' }).waitFor();
    assert.match(await page.locator('.im-copy').inputValue(), /"exit_code": 137/);
    await page.context().close();
  });

  await t.test('a text that is marked stays marked while records come', async () => {
    const page = await open();
    const text = page.locator('.im-record .im-text bdi', { hasText: 'worker died' }).first();
    await text.evaluate((element) => getSelection()?.selectAllChildren(element));
    await red.feed([line('while a text is marked')]);
    await page.getByRole('button', { name: '1 new' }).waitFor();
    assert.match(await page.evaluate(() => String(getSelection())), /worker died/);
    await page.context().close();
  });

  await t.test('nothing but what rings and what is wrong is read out, and a finger does not zoom', async () => {
    const page = await open();
    assert.equal(await page.locator('.im-records :is([aria-live], [role=status], [role=log])').count(), 0);
    assert.ok((await page.locator('[role=status]').count()) >= 2);
    const context = await first
      .context()
      .browser()
      ?.newContext({ viewport: { width: 360, height: 800 }, hasTouch: true, isMobile: true });
    assert.ok(context !== undefined);
    const phone = await context.newPage();
    await phone.goto(`${red.url}/infra-monitoring/`);
    const search = phone.locator('.im-search');
    await search.waitFor();
    assert.equal(await search.evaluate((input) => getComputedStyle(input).fontSize), '16px');
    await until(() => phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await context.close();
    await page.context().close();
  });

  await t.test('on paper there are no buttons, and every row', async () => {
    const page = await open();
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.getByRole('button', { name: 'Pause' }).isVisible(), false);
    assert.equal(await page.locator('.im-record').first().isVisible(), true);
    assert.equal(
      await page
        .locator('.im-record')
        .first()
        .evaluate((row) => getComputedStyle(row).contentVisibility),
      'visible',
    );
    await page.context().close();
  });

  await t.test('charts that are changed again and again leave nothing behind', async () => {
    const page = await open();
    await page.locator('canvas').first().waitFor();
    const session = await page.context().newCDPSession(page);
    const change = async (times: number): Promise<number> => {
      for (let turn = 0; turn < times; turn += 1)
        await page.getByRole('button', { name: turn % 2 === 0 ? '1 h' : '6 h', exact: true }).click();
      await page.locator('canvas').nth(2).waitFor();
      await session.send('HeapProfiler.collectGarbage');
      return ((await session.send('Runtime.getHeapUsage')) as { usedSize: number }).usedSize;
    };
    const before = await change(4);
    const after = await change(CHANGES_OF_RANGE);
    t.diagnostic(`${before} then ${after} bytes after ${CHANGES_OF_RANGE} changes`);
    assert.equal(await page.locator('canvas').count(), 3);
    assert.ok(after < before * 1.3, `${before} then ${after}`);
    await page.context().close();
  });
});
