import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasBrowser } from '../support/browser.ts';
import { openEditor } from '../support/editor.ts';
import { startNodeRed } from '../support/node-red.ts';
import { real } from '../support/real.ts';

test('the dialog of http-check checks the text by what it is said to be', real('Chromium', hasBrowser), async (t) => {
  const red = await startNodeRed(t, { flow: [{ id: 'tab', type: 'tab', label: 'Flow' }] });
  const editor = await openEditor(t, red.url);
  const id = await editor.drop('http-check', 300, 200);
  const dialog = await editor.open(id);
  await dialog.set('matchType', 'jsonata');
  await dialog.set('match', 'status = = 1');
  assert.equal(await dialog.isMarked('match'), true);
  await dialog.set('matchType', 'contains');
  assert.equal(await dialog.isMarked('match'), false);
  await dialog.set('matchType', 'matches');
  await dialog.set('match', '(');
  assert.equal(await dialog.isMarked('match'), true);
  await dialog.set('matchType', 'jsonata');
  await dialog.set('match', 'status = "ok"');
  assert.equal(await dialog.isMarked('match'), false);
  await editor.screenshot('http-match');
  await dialog.done();
  assert.equal(await editor.isValid(id), true);
  assert.deepEqual(editor.faults(), []);
});
