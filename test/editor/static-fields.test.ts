import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasBrowser } from '../support/browser.ts';
import type { Dialog } from '../support/dialog.ts';
import { openEditor } from '../support/editor.ts';
import { startNodeRed } from '../support/node-red.ts';
import { real } from '../support/real.ts';

test(
  'static fields are typed in both forms, and what is wrong with them is said',
  real('Chromium', hasBrowser),
  async (t) => {
    const red = await startNodeRed(t, {
      flow: [
        { id: 'tab', type: 'tab', label: 'Flow' },
        { id: 's', type: 'graylog-server', endpoints: 'file:' },
        { id: 'o', z: 'tab', type: 'graylog-out', server: 's', fields: '{"site": "ams"}', x: 200, y: 100, wires: [] },
      ],
    });
    const editor = await openEditor(t, red.url);
    const out = await editor.open('o');
    assert.equal((await out.values()).fields, '{"site": "ams"}');
    const typed = async (dialog: Dialog, name: string): Promise<void> => {
      const words = dialog.form.getByText('this is no name=value, such as site=ams: ams');
      await dialog.set('fields', 'ams');
      await words.waitFor();
      assert.equal(await dialog.isMarked('fields'), true);
      await editor.screenshot(`static-fields-${name}`);
      await dialog.set('fields', 'site=ams, role=db');
      await words.waitFor({ state: 'hidden' });
      assert.equal(await dialog.isMarked('fields'), false);
    };
    await typed(out, 'out');
    const server = await out.openConfigNode('server');
    await typed(server, 'server');
    await server.set('fields', 'host=db');
    await server.form.getByText('no field can have the name "host"').waitFor();
    await server.set('fields', '{"site": "fra"}');
    await server.done();
    await out.done();
    await editor.deploy();
    assert.deepEqual(editor.faults(), []);
  },
);
