import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEditor } from '../support/editor.ts';
import { startNodeRed } from '../support/node-red.ts';
import { EDITORS } from '../support/node-reds.ts';
import { nodeTypes } from '../support/package.ts';

const oldest = EDITORS.at(-1);

test(
  `every dialog opens in ${oldest?.name}, and nothing of the package is an error there`,
  oldest?.skip ?? {},
  async (t) => {
    const red = await startNodeRed(t, { ...oldest?.options, flow: [{ id: 'tab', type: 'tab', label: 'Flow' }] });
    const editor = await openEditor(t, red.url);
    for (const { type, category } of await editor.nodeTypes(nodeTypes)) {
      assert.notEqual(category, 'missing', `${type} is not loaded`);
      if (category === 'config') continue;
      const dialog = await editor.open(await editor.drop(type, 300, 200));
      await dialog.form.locator('label').first().waitFor();
      await dialog.cancel();
    }
    assert.deepEqual(editor.faults(), []);
    assert.doesNotMatch(red.log(), /\[error\]|Failed to load|Missing node types/i);
  },
);
