import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasBrowser } from '../support/browser.ts';
import { openEditor } from '../support/editor.ts';
import { packageRoot, startByScript, startNodeRed } from '../support/node-red.ts';
import { packageJson } from '../support/package.ts';
import { real } from '../support/real.ts';

interface FlowNode {
  id: string;
  type: string;
}

const folder = join(packageRoot, 'flows');
const names = readdirSync(folder).filter((file) => file.endsWith('.json'));

// The small examples share a Node-RED: examples.test.ts.
for (const name of names.filter((file) => file === 'infrastructure-monitoring.json')) {
  test(`the flow ${name} opens in the editor`, real('Chromium', hasBrowser), async (t) => {
    const flow = JSON.parse(readFileSync(join(folder, name), 'utf8')) as FlowNode[];
    const red = await startNodeRed(t, { flow });
    const editor = await openEditor(t, red.url);

    await t.test('it has no unknown node and no invalid one', async () => {
      for (const { id, type } of flow) {
        if (['tab', 'group', 'comment', 'global-config'].includes(type)) continue;
        assert.equal(await editor.typeOf(id), type);
        assert.ok(await editor.isValid(id), `${type} ${id} is valid`);
      }
    });
    await t.test('every tab of it is shown without an error', async () => {
      for (const tab of flow.filter(({ type }) => type === 'tab')) {
        await editor.showTab(tab.id);
        await editor.screenshot(`flow-${name.replace('.json', '')}-${tab.id}`);
      }
      assert.deepEqual(editor.faults(), []);
    });
  });
}

test('what npm start deploys opens in the editor without an error', real('Chromium', hasBrowser), async (t) => {
  const red = await startByScript(t);
  const editor = await openEditor(t, red.url);
  const deployed = await red.api<FlowNode[]>('/flows');
  const types = await Promise.all(deployed.map(({ id }) => editor.typeOf(id)));
  assert.ok(deployed.length > 0);
  assert.equal(types.includes('unknown'), false);
  await editor.screenshot('npm-start');
  assert.deepEqual(editor.faults(), []);
});

test('the flows are listed under Import, Examples', real('Chromium', hasBrowser), async (t) => {
  const red = await startNodeRed(t, { flow: [{ id: 'tab', type: 'tab', label: 'Flow' }] });
  const editor = await openEditor(t, red.url);
  const { page } = editor;
  await page.keyboard.press('Control+i');
  await page.locator('#red-ui-clipboard-dialog-import-tabs').getByText('Examples').click();
  const list = page.locator('[id="red-ui-clipboard-dialog-import-tab-examples"]');
  await list.getByText(packageJson().name).click();
  for (const name of names) await list.getByText(name.replace('.json', ''), { exact: true }).waitFor();
  await editor.screenshot('import-examples');
  assert.deepEqual(editor.faults(), []);
});
