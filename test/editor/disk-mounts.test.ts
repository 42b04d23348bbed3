import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasBrowser } from '../support/browser.ts';
import { openEditor } from '../support/editor.ts';
import { startNodeRed } from '../support/node-red.ts';
import { real } from '../support/real.ts';

test('mounts of this host are picked in the dialog of disk-stats', real('Chromium', hasBrowser), async (t) => {
  const red = await startNodeRed(t, { flow: [{ id: 'tab', type: 'tab', label: 'Flow' }] });
  const editor = await openEditor(t, red.url);
  const id = await editor.drop('disk-stats', 300, 200);
  const dialog = await editor.open(id);
  await dialog.form.locator('#disk-stats-load').click();
  const row = dialog.form.locator('#disk-stats-mounts tr').filter({ has: editor.page.getByText('/', { exact: true }) });
  const [include, exclude] = [row.locator('input').nth(0), row.locator('input').nth(1)];
  await include.check();
  assert.equal((await dialog.values()).include, '/');
  await exclude.check();
  await include.uncheck();
  const { include: included, exclude: excluded } = await dialog.values();
  assert.deepEqual([included, excluded], ['', '/']);
  await editor.screenshot('disk-mounts');
  await dialog.done();
  const again = await editor.open(id);
  assert.equal((await again.values()).exclude, '/');
  assert.deepEqual(editor.faults(), []);
});
