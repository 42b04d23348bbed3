import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { hasBrowser, openPage } from '../support/browser.ts';
import { NIGHT } from '../support/host-history.ts';
import { startFedNodeRed } from '../support/monitoring-page.ts';
import { real } from '../support/real.ts';
import { until } from '../support/until.ts';

function lines(from: number, count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    log_type: 'docker_log',
    container_name: `c${index % 3}`,
    stream: 'stdout',
    // No two are alike.
    message: `line ${'abcdefghij'[index % 10]}${'klmnopqrst'[Math.floor(index / 10) % 10]}${'uvwxyz'[Math.floor(index / 100) % 6]} ${from + index}`,
  }));
}

const rows = (page: Page): Promise<number> => page.locator('.im-record').count();

test('the list of the last hour', real('Chromium', hasBrowser), async (t) => {
  const red = await startFedNodeRed(t);
  await red.feed(NIGHT);
  const page = await openPage(t);
  await page.setViewportSize({ width: 1400, height: 700 });
  await page.goto(`${red.url}/infra-monitoring/`);
  await page.locator('.im-record').first().waitFor();
  const chip = (name: string) => page.locator('.im-chips button', { hasText: name }).first();

  await t.test('what happened in the last hour is found in at most ten clicks, by the keyboard too', async () => {
    // 1: the container that is red. 2: what matters is chosen already; its last words.
    await page.getByRole('button', { name: 'worker', exact: true }).click();
    await page.locator('.im-console', { hasText: 'Reached heap limit' }).waitFor();
    await page.getByRole('button', { name: 'worker', exact: true }).click();
    await chip('logins').click();
    await page.locator('.im-record', { hasText: 'Accepted publickey for alice' }).waitFor();
    await chip('docker').click();
    await page.locator('.im-record', { hasText: 'worker died' }).first().focus();
    await page.locator('.im-record-line', { hasText: 'worker died' }).first().press('Enter');
    await page.locator('.im-keys', { hasText: '137' }).waitFor();
    await page.locator('.im-record-line', { hasText: 'worker died' }).first().press('Enter');
  });

  await t.test('a text and a pattern find rows, and a pattern that takes too long is ended', async () => {
    const search = page.locator('.im-search');
    await search.fill('heap limit');
    await until(async () => (await rows(page)) === 1);
    await search.fill('/exit code 1[23]7/');
    await page.locator('.im-record:first-child .im-text', { hasText: 'worker died' }).waitFor();
    await red.feed([{ log_type: 'docker_log', container_name: 'c', stream: 'stdout', message: `${'a'.repeat(120)}!` }]);
    await search.fill('');
    await page.locator('.im-record', { hasText: 'aaaaaa' }).waitFor();
    await search.fill('/^(a+)+$|^(.*a){30}b/');
    await page.getByText('This pattern takes too long').waitFor();
    await search.fill('/half(/');
    await until(async () => (await rows(page)) === 0);
    await search.fill('');
    await page.locator('.im-record', { hasText: 'aaaaaa' }).waitFor();
  });

  await t.test('the whole hour is searched, not only what is loaded, and what comes is searched, too', async () => {
    const search = page.locator('.im-search');
    const told = (message: string): object => ({
      ...{ log_type: 'docker_log', container_name: 'payments', stream: 'stdout', message },
    });
    await red.feed([told('Order 4711 was lost')]);
    for (let turn = 0; turn < 4; turn += 1) await red.feed(lines(turn * 1_000, 800));
    await chip('all').click();
    for (const typed of ['order 4711', '/order \\d{4} was/']) {
      await search.fill(typed);
      await page.locator('.im-record', { hasText: 'Order 4711 was lost' }).waitFor();
      await until(async () => (await rows(page)) === 1);
      assert.equal(await rows(page), 1, typed);
    }
    await red.feed([told('nothing of it'), told('Order 4712 was found')]);
    await page.locator('.im-record', { hasText: 'Order 4712 was found' }).waitFor();
    await until(async () => (await rows(page)) === 2);
    await search.fill('');
    // A search that is given up is over: the foot counts rows again.
    await page.locator('.im-list-foot', { hasText: /^\d+ rows/ }).waitFor();
  });

  await t.test('new rows come in at the edge; away from it the list holds and counts', async () => {
    await chip('all').click();
    // Lines of their own: the last one tells that all have come, and none of them is counted as new below.
    await red.feed(lines(5_000, 300));
    await page.locator('.im-record', { hasText: 'line jtw 5299' }).waitFor();
    await page.locator('.im-record').nth(150).scrollIntoViewIfNeeded();
    await page.evaluate(() => scrollBy(0, 300));
    const before = await page.locator('.im-record .im-text').allTextContents();
    await red.feed(lines(6_000, 214));
    await page.getByRole('button', { name: '214 new' }).waitFor();
    assert.deepEqual(await page.locator('.im-record .im-text').allTextContents(), before);
    await page.getByRole('button', { name: '214 new' }).click();
    await page.locator('.im-record', { hasText: 'line dlw 6213' }).waitFor();
  });

  await t.test('it never has more than 500 rows, and says what it does not show', async () => {
    await page.locator('#records').scrollIntoViewIfNeeded();
    await page.evaluate(() => document.querySelector('#records')?.scrollIntoView({ block: 'start' }));
    for (let turn = 0; turn < 4; turn += 1) await red.feed(lines(turn * 10_000, 600));
    // A list that is paused before they come only counts them.
    await page.locator('.im-record', { hasText: ' 30599' }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.locator('.im-gap, .im-record').nth(450).waitFor();
    assert.ok((await rows(page)) <= 500);
    await page.locator('.im-gap').first().waitFor();
    await page.getByRole('button', { name: 'Go on', exact: true }).click();
  });

  await t.test('paused it stays as it is', async () => {
    await page.getByRole('button', { name: 'Pause' }).click();
    // A list that stands still is shown to its end.
    await until(async () => {
      const [, count] = /^(\d+) rows/.exec(await page.locator('.im-list-foot').innerText()) ?? [];
      return (await page.locator('.im-gap, .im-record').count()) === Number(count);
    });
    const before = await page.locator('.im-record .im-text').allTextContents();
    await red.feed(lines(90_000, 5));
    await page.getByRole('button', { name: '5 new' }).waitFor();
    assert.deepEqual(await page.locator('.im-record .im-text').allTextContents(), before);
    await page.getByRole('button', { name: '5 new' }).click();
  });

  await t.test('an alert is silenced and rings again', async () => {
    const ring = page.locator('.im-ring', { hasText: 'endpoint down' });
    await ring.getByRole('button', { name: 'Silence 1 h: endpoint down shop' }).click();
    await ring.getByText('silenced').waitFor();
    await ring.getByRole('button', { name: /^Ring again/ }).click();
    await ring.getByText('error', { exact: true }).waitFor();
    await ring.getByRole('button', { name: /^More/ }).click();
    await ring.getByRole('button', { name: 'Known: no reminders' }).click();
    await ring.getByText('known', { exact: true }).waitFor();
  });

  await t.test('a hidden page asks nothing, and one that comes back begins anew', async () => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname.split('/').at(-1) ?? ''));
    const hide = (state: string): Promise<void> =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'visibilityState', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await hide('hidden');
    asked.length = 0;
    await red.feed(lines(70_000, 3));
    await until(async () => (await red.data<{ records: unknown[] }>('records?kind=all&most=3')).records.length === 3);
    assert.deepEqual(asked, []);
    await hide('visible');
    await page.locator('.im-record', { hasText: '70002' }).waitFor();
    await until(() => asked.some((path) => path === 'state'));
  });

  await t.test('without the server all is grey, and it says since when', async () => {
    await red.stop();
    await page.getByText(/no contact since \d\d:\d\d:\d\d/).waitFor();
    assert.equal(await page.locator('.im-page.im-stale').count(), 1);
  });
});
