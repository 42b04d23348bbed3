import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasBrowser } from '../support/browser.ts';
import { openEditor } from '../support/editor.ts';
import { startNodeRed } from '../support/node-red.ts';
import { real } from '../support/real.ts';

const OLD = {
  id: 'h',
  z: 'tab',
  type: 'http-check',
  name: 'old',
  url: 'http://127.0.0.1:9/',
  method: 'POST',
  interval: '0',
  headers: 'X-Api-Key: MARKED',
  body: '{"key":"MARKED"}',
  x: 300,
  y: 200,
  wires: [[], []],
};

async function flowsOf(url: string): Promise<{ id: string; headers?: string; body?: string }[]> {
  const answer = await fetch(new URL('flows', url), { headers: { 'Node-RED-API-Version': 'v2' } });
  return ((await answer.json()) as { flows: { id: string }[] }).flows;
}

test(
  'saving the dialog of http-check moves its headers and body out of the flow',
  real('Chromium', hasBrowser),
  async (t) => {
    const red = await startNodeRed(t, { flow: [{ id: 'tab', type: 'tab', label: 'Flow' }, OLD] });
    const editor = await openEditor(t, red.url);
    const before = await editor.open('h');
    const shown = await before.values();
    assert.deepEqual([shown.headers, shown.body], [OLD.headers, OLD.body]);
    await before.set('headers', 'no header');
    assert.equal(await before.isMarked('headers'), true);
    await before.set('headers', OLD.headers);
    assert.equal(await before.isMarked('headers'), false);
    await before.done();
    await editor.deploy();
    const saved = (await flowsOf(red.url)).find(({ id }) => id === 'h');
    assert.deepEqual([saved?.headers, saved?.body], ['', '']);
    assert.doesNotMatch(JSON.stringify(saved), /MARKED/);
    await editor.load();
    const after = await editor.open('h');
    const kept = await after.values();
    assert.deepEqual([kept.headers, kept.body], [OLD.headers, OLD.body]);
    await after.set('headers', '');
    await after.done();
    await editor.deploy();
    await editor.load();
    const last = await (await editor.open('h')).values();
    assert.deepEqual([last.headers, last.body], ['', OLD.body]);
    assert.deepEqual(editor.faults(), []);
  },
);
