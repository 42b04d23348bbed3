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

interface Case {
  /** What differs from the alert of a check. */
  readonly alert?: object;
  readonly records?: readonly object[];
  readonly command?: object;
  /** What stands under it. */
  readonly says: RegExp;
}

const down = (check_name: string) => ({ check_name, check_state: 'down' });
const up = (check_name: string) => ({ check_name, check_state: 'up' });

/** An alert in each of its states, and how it gets there. */
const STATES: { readonly [state: string]: Case } = {
  unknown: { says: /^no record yet$/ },
  ok: { records: [up('shop')], says: /^ok$/ },
  pending: { alert: { forSeconds: '600' }, records: [down('shop')], says: /^shop, rings \d\d:\d\d$/ },
  nearing: {
    alert: { kind: 'count', each: ['check_name'], counts: 'records', threshold: '3', windowSeconds: '600' },
    records: [down('shop'), down('shop')],
    says: /^2 of 3, shop$/,
  },
  rings: { records: [down('shop')], says: /^shop, since \d\d:\d\d$/ },
  'two ring': { records: [down('shop'), down('blog')], says: /^2 firing, since \d\d:\d\d$/ },
  silenced: { command: { silence: '2h' }, says: /^silent to \d\d:\d\d$/ },
  'silenced and rings': {
    records: [down('shop')],
    command: { silence: '2h' },
    says: /^1 silent to \d\d:\d\d$/,
  },
  acknowledged: { records: [down('shop')], command: { acknowledge: true }, says: /^shop, since \d\d:\d\d$/ },
  resolved: { records: [down('shop'), up('shop')], says: /^ok$/ },
  'source silent': {
    alert: { kind: 'absence', expected: 'shop', silentSeconds: '1' },
    says: /^shop, since \d\d:\d\d$/,
  },
  'no such field': {
    records: Array.from({ length: 20 }, () => ({ check_name: 'shop' })),
    says: /^no field "check_state"$/,
  },
  'goes nowhere': { alert: { wires: [[]] }, says: /^goes nowhere$/ },
  'wrong setting': { alert: { field: '' }, says: /^wrong setting$/ },
};

function canvasOfStates(): object[] {
  const cases = Object.entries(STATES);
  const id = (at: number) => `state-${at}`;
  const give = {
    ...{ id: 'give', z: 'tab', type: 'function', name: 'to one of them', outputs: cases.length, x: 120, y: 340 },
    func: 'const to = []; to[msg.payload.at] = { ...msg, ...msg.payload }; return to;',
  };
  return [
    { id: 'tab', type: 'tab', label: 'Flow' },
    { id: 'post', z: 'tab', type: 'http in', method: 'post', url: '/give', x: 100, y: 40, wires: [['give', 'answer']] },
    { id: 'answer', z: 'tab', type: 'http response', x: 330, y: 40, wires: [] },
    { ...give, wires: cases.map((_, at) => [id(at)]) },
    { id: 'told', z: 'tab', type: 'debug', active: false, x: 980, y: 340, wires: [] },
    ...cases.map(([name, { alert }], at) => ({
      ...{ id: id(at), z: 'tab', type: 'alert', name, ...CHECK, x: 400 + 320 * (at % 2), y: 120 + 70 * (at >> 1) },
      ...{ wires: [['told']], ...alert },
    })),
  ];
}

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
  test(`an alert in each of its states is readable under it in ${name}, light and dark`, skip, async (t) => {
    const red = await startNodeRed(t, { ...options, flow: canvasOfStates() });
    await red.logged(/Started flows/);
    const give = async (message: object) => {
      const body = JSON.stringify(message);
      await red.api('/give', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    };
    for (const [at, { records = [], command }] of Object.values(STATES).entries()) {
      for (const payload of records) await give({ at, payload: { ...payload, time: new Date().toISOString() } });
      if (command !== undefined) await give({ at, alert_command: command });
    }
    const editor = await openEditor(t, red.url);
    for (const [at, { says }] of Object.values(STATES).entries())
      await editor.page.locator(`[id="state-${at}"] .red-ui-flow-node-status-label`).getByText(says).waitFor();
    await editor.screenshots(`alert-states-${name}`);
    for (const state of ['pending', 'rings', 'silenced and rings', 'acknowledged', 'wrong setting']) {
      const dialog = await editor.open(`state-${Object.keys(STATES).indexOf(state)}`);
      await editor.screenshots(`alert-state-${state.replaceAll(' ', '-')}-${name}`);
      await dialog.cancel();
    }
    assert.deepEqual(editor.faults(), []);
  });
}
