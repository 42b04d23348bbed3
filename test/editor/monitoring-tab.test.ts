import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openEditor, screenshotFolder } from '../support/editor.ts';
import { Hand } from '../support/hand.ts';
import { NIGHT } from '../support/host-history.ts';
import { HOSTILE_TEXTS } from '../support/hostile-texts.ts';
import { startFedNodeRed } from '../support/monitoring-page.ts';
import { EDITORS } from '../support/node-reds.ts';

for (const { name, options, skip } of EDITORS) {
  test(`the editor's tab on ${name}`, skip, async (t) => {
    const red = await startFedNodeRed(t, options);
    await red.feed(NIGHT);
    const editor = await openEditor(t, red.url);
    const { page } = editor;
    const asked: string[] = [];
    page.on('request', (request) => request.url().includes('infra-monitoring/data') && asked.push(request.url()));

    await t.test('it is there at once and asks nothing until it is seen', async () => {
      assert.equal(
        await page.evaluate(() =>
          (globalThis as never as { RED: { sidebar: { containsTab(id: string): boolean } } }).RED.sidebar.containsTab(
            'infra-monitoring',
          ),
        ),
        true,
      );
      assert.deepEqual(asked, []);
      await page.evaluate(() =>
        (globalThis as never as { RED: { sidebar: { show(id: string): void } } }).RED.sidebar.show('infra-monitoring'),
      );
      await page.locator('.im-side .im-record').first().waitFor();
    });
    await t.test('it shows what came before the browser did, and what rings', async () => {
      await page.locator('.im-side .im-ring', { hasText: 'endpoint down' }).waitFor();
      await page.locator('.im-side .im-record', { hasText: 'worker died' }).waitFor();
    });
    await t.test('a click opens the keys of a record, and leads to its node', async () => {
      await page.locator('.im-side .im-record-line', { hasText: 'worker died' }).click();
      await page.locator('.im-side .im-keys', { hasText: 'exit_code' }).waitFor();
      for (const theme of ['light', 'dark'] as const) {
        await editor.theme(theme);
        await page.screenshot({ path: join(screenshotFolder(), `tab-${theme}-${name.replaceAll(' ', '-')}.png`) });
      }
      await page.getByRole('button', { name: 'show node' }).click();
      await page
        .locator(
          '#red-ui-workspace-chart .red-ui-flow-node-highlighted, #red-ui-workspace-chart .red-ui-flow-node-selected',
        )
        .first()
        .waitFor();
    });
    await t.test('what happened in the last hour is found in at most ten clicks, from the editor’s tab', async (st) => {
      const hand = new Hand(editor);
      const side = page.locator('.im-side');
      // As nobody has left it: the record that was opened before is closed.
      await side.locator('.im-record-line[aria-expanded="true"]').click();
      await page.evaluate(() =>
        (globalThis as never as { RED: { sidebar: { show(id: string): void } } }).RED.sidebar.show('info'),
      );
      // To the tab; what rings and what matters is there.
      hand.clicks += 1;
      await page.evaluate(() =>
        (globalThis as never as { RED: { sidebar: { show(id: string): void } } }).RED.sidebar.show('infra-monitoring'),
      );
      await side.locator('.im-ring', { hasText: 'endpoint down' }).waitFor();
      // Why the container died.
      await hand.click(side.locator('.im-record-line', { hasText: 'worker died' }));
      await side.locator('.im-keys', { hasText: '137' }).waitFor();
      await hand.click(side.locator('.im-record-line', { hasText: 'worker died' }));
      // Who came in, and who tried.
      await hand.click(side.locator('.im-chips button', { hasText: 'logins' }));
      await side.locator('.im-record', { hasText: 'Accepted publickey for alice' }).waitFor();
      // The rest is on the page: the disk that fills up, the host, what the container said last.
      const [opened] = await Promise.all([page.context().waitForEvent('page'), hand.click(side.locator('header a'))]);
      await opened.locator('.im-disks', { hasText: 'full in about 9 h' }).waitFor();
      await opened.locator('canvas').first().waitFor();
      await hand.click(opened.getByRole('button', { name: 'worker', exact: true }));
      await opened.locator('.im-console', { hasText: 'Reached heap limit' }).waitFor();
      st.diagnostic(`${name}: ${hand.counts}`);
      assert.ok(hand.clicks <= 10, hand.counts);
      await opened.close();
      await side.locator('.im-chips button').first().click();
      await side.locator('.im-record-line', { hasText: 'worker died' }).click();
    });
    await t.test('a key that is pressed in it is none of the editor’s', async () => {
      const count = (): Promise<number> =>
        page.evaluate(
          () =>
            (globalThis as never as { RED: { nodes: { filterNodes(f: object): object[] } } }).RED.nodes.filterNodes({})
              .length,
        );
      await page.evaluate(() => {
        const { RED } = globalThis as never as {
          RED: { view: { select(s: object): void }; nodes: { node(id: string): object } };
        };
        RED.view.select({ nodes: [RED.nodes.node('out')] });
      });
      const before = await count();
      await page.locator('.im-side .im-search').press('Delete');
      await page.locator('.im-side .im-record-line').first().press('Delete');
      assert.equal(await count(), before);
    });
    await t.test('nothing of a record runs or is taken for HTML', async () => {
      await red.feed(
        HOSTILE_TEXTS.map((message) => ({
          log_type: 'docker_log',
          level: 3,
          stream: 'stderr',
          container_name: message.slice(0, 60) || 'c',
          message: message.slice(0, 2_000) || 'x',
        })),
      );
      // A record is open: what comes waits.
      await page.locator('.im-side .im-waiting').click();
      await page.locator('.im-side .im-record', { hasText: 'bidi' }).first().waitFor();
      assert.equal(
        await page.locator('.im-side :is(.im-record, .im-ring) :is(img, script, a, b b, iframe)').count(),
        0,
      );
    });
    await t.test('it makes no error', () => {
      // A tab that cannot be seen for a moment, or that a busy machine held up as if it slept, ends its own poll.
      const isEndedPoll = (fault: string): boolean => /\/data\/poll\?\S* net::ERR_ABORTED$/.test(fault);
      assert.deepEqual(
        editor.faults().filter((fault) => !isEndedPoll(fault)),
        [],
      );
    });
  });
}
