import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { hasBrowser } from '../support/browser.ts';
import { openEditor } from '../support/editor.ts';
import { packageRoot, startNodeRed } from '../support/node-red.ts';
import { real } from '../support/real.ts';

const FIRST = join(packageRoot, 'test/fixtures/upgrade-0.1.0/user-directory/flows.json');

const isNews = ({ payload }: { payload: string | Buffer }): boolean => String(payload).includes('newer default flow');
const notices = (page: Page) => page.locator('.red-ui-notification:visible');

test(
  'the editor says that a newer default flow is there, and that all is shipped twice',
  real('Chromium', hasBrowser),
  async (t) => {
    const red = await startNodeRed(t, { flow: JSON.parse(readFileSync(FIRST, 'utf8')) });
    const editor = await openEditor(t, red.url);
    const { page } = editor;
    const newer = notices(page).filter({ hasText: 'There is a newer default flow' });
    const twice = notices(page).filter({ hasText: 'shipped twice' });

    await t.test('what is newer, and where it is, until somebody wants to hear no more of it', async () => {
      await newer.filter({ hasText: 'Version 2: ' }).filter({ hasText: 'Import → Examples' }).waitFor();
      await editor.screenshot('upgrade-newer');
      await newer.getByText('Do not say this again').click();
      await newer.waitFor({ state: 'hidden' });
      const heard = page.waitForEvent('websocket').then((socket) => socket.waitForEvent('framereceived', isNews));
      await editor.load();
      await heard;
      assert.equal(await newer.count(), 0);
    });

    await t.test('the same flow imported once more is told after the deploy, until the copy is deleted', async () => {
      await page.keyboard.press('Control+i');
      await page.locator('#red-ui-clipboard-dialog-import-text').fill(readFileSync(FIRST, 'utf8'));
      await page.locator('#red-ui-clipboard-dialog-ok').click();
      await page.getByRole('button', { name: 'Import copy' }).click();
      await editor.deploy();
      await twice.filter({ hasText: 'auth-log-in, disk-stats' }).waitFor();
      await editor.screenshot('upgrade-twice');
      await red.logged(/Everything is shipped twice: the records of auth-log-in/);
      await page.evaluate(() => {
        const { nodes, workspaces } = (globalThis as unknown as { RED: EditorGlobal }).RED;
        workspaces.delete(nodes.workspace(nodes.getWorkspaceOrder().at(-1) ?? ''));
      });
      await editor.deploy();
      await twice.waitFor({ state: 'hidden' });
    });
    assert.deepEqual(editor.faults(), []);
  },
);

interface EditorGlobal {
  nodes: { workspace(id: string): object; getWorkspaceOrder(): string[] };
  workspaces: { delete(workspace: object): void };
}
