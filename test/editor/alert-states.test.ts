import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEditor } from '../support/editor.ts';
import { startNodeRed } from '../support/node-red.ts';
import { EDITORS } from '../support/node-reds.ts';
import { faint } from '../support/readable.ts';

/** A check, an alert of it in each state, and what stands in the way. */
const CHECK = { kind: 'state', field: 'check_state', bad: 'down', good: 'up', each: ['check_name'] };
const FLOW = [
  { id: 'tab', type: 'tab', label: 'Flow' },
  { id: 'post', z: 'tab', type: 'http in', method: 'post', url: '/record', x: 120, y: 60, wires: [['alert', 'ok']] },
  { id: 'answer', z: 'tab', type: 'http response', x: 400, y: 60, wires: [] },
  { id: 'alert', z: 'tab', type: 'alert', name: 'down', ...CHECK, x: 320, y: 120, wires: [['told']] },
  { id: 'ok', z: 'tab', type: 'alert', name: 'down', ...CHECK, bad: 'lost', x: 320, y: 180, wires: [['told']] },
  {
    id: 'check',
    z: 'tab',
    type: 'http-check',
    checkName: 'a',
    url: 'http://127.0.0.1:1/',
    interval: '600',
    x: 120,
    y: 240,
    wires: [['slow'], []],
  },
  { id: 'slow', z: 'tab', type: 'alert', name: 'slow', ...CHECK, forSeconds: '60', x: 320, y: 240, wires: [[]] },
  { id: 'told', z: 'tab', type: 'debug', active: false, x: 600, y: 120, wires: [] },
].map((node) => (node.id === 'post' ? { ...node, wires: [['alert', 'ok', 'answer']] } : node));

for (const { name, options, skip } of EDITORS) {
  test(`what rings is listed and acknowledged one by one, and the dialog warns, in ${name}`, skip, async (t) => {
    const red = await startNodeRed(t, { ...options, flow: FLOW });
    await red.logged(/Started flows/);
    for (const check_name of ['shop', 'blog']) {
      const body = JSON.stringify({ check_name, check_state: 'down', time: new Date().toISOString() });
      await red.api('/record', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    }
    const editor = await openEditor(t, red.url);
    await editor.page
      .locator('[id="alert"] .red-ui-flow-node-status-label')
      .getByText(/^2 firing, since/)
      .waitFor();

    const dialog = await editor.open('alert');
    const lines = dialog.form.locator('#alert-firing li');
    await lines.nth(1).waitFor();
    assert.match(await dialog.form.locator('#alert-same-name').innerText(), /same name/);
    await lines.filter({ hasText: 'shop' }).getByRole('button').click();
    await lines.filter({ hasText: 'shop' }).getByText('acknowledged').waitFor();
    assert.equal(await lines.filter({ hasText: 'blog' }).getByRole('button').count(), 1);
    for (const theme of ['light', 'dark'] as const) {
      await editor.theme(theme);
      await editor.screenshot(`alert-acknowledged-${theme}-${name}`);
      assert.deepEqual(await faint(dialog.form, 3), []);
    }
    await dialog.cancel();

    const calm = await editor.open('ok');
    await calm.form.locator('[data-command*="acknowledge"]').click();
    await calm.form
      .locator('#alert-answer')
      .getByText(/nothing fires that anybody was told of/)
      .waitFor();
    assert.equal(await calm.form.locator('#alert-firing li').count(), 0);
    await calm.cancel();

    const slow = await editor.open('slow');
    await slow.form
      .locator('#alert-pace')
      .getByText(/A record comes every 600 s only/)
      .waitFor();
    await slow.cancel();
    // The browser notes the refusal itself.
    assert.deepEqual(
      editor.faults().filter((fault) => !/409/.test(fault)),
      [],
    );
  });
}
