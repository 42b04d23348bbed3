import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { hasBrowser } from '../support/browser.ts';
import { openEditor } from '../support/editor.ts';
import { startNodeRed } from '../support/node-red.ts';
import { real } from '../support/real.ts';

const TEXT = 'all is well';

test(
  'the dialog of http-check has three tabs, and "Check now" before a deploy',
  real('Chromium', hasBrowser),
  async (t) => {
    const server = createServer((request, response) => {
      const isMe = request.headers.authorization === `Basic ${Buffer.from('me:typed').toString('base64')}`;
      response.writeHead(isMe ? 200 : 401).end(TEXT);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close().closeAllConnections());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const red = await startNodeRed(t, { flow: [{ id: 'tab', type: 'tab', label: 'Flow' }] });
    const editor = await openEditor(t, red.url);
    const dialog = await editor.open(await editor.drop('http-check', 300, 200));
    const tab = (name: string) => dialog.form.locator('.red-ui-tab').filter({ hasText: name }).click();
    const press = async (): Promise<string> => {
      await dialog.control('http-check-test').click();
      await dialog.form.locator('#node-input-http-check-test:enabled').waitFor();
      return (await dialog.control('http-check-answer').textContent()) ?? '';
    };
    const answerKind = () =>
      dialog.form.locator('[class^="infra-monitoring-answer-"]').evaluate((line) => line.className.replace(/^.*-/, ''));

    await dialog.set('url', url);
    assert.match(await press(), /^the response code is 401; 401 in \d+ ms$/);
    assert.equal(await answerKind(), 'bad');
    await editor.screenshot('http-check-request');
    await dialog.control('authType').selectOption('basic');
    await dialog.set('user', 'me');
    await dialog.set('password', 'typed');
    await tab('Expected');
    assert.equal(await dialog.control('user').isVisible(), false);
    await dialog.control('matchType').selectOption('contains');
    await dialog.set('match', 'nothing of the kind');
    assert.match(await press(), /^the body does not contain nothing of the kind; 200 in/);
    await editor.screenshot('http-check-expected');
    await dialog.set('match', TEXT);
    assert.match(await press(), /^200 in \d+ ms$/);
    assert.equal(await answerKind(), 'good');
    await editor.theme('dark');
    await editor.screenshot('http-check-good-dark');
    await tab('Report');
    await dialog.set('checkName', 'shop');
    await editor.screenshot('http-check-report');
    for (const name of ['Request', 'Expected', 'Report']) {
      await tab(name);
      const { height = 0 } = (await dialog.control('http-check-panes').boundingBox()) ?? {};
      assert.ok(height > 100 && height < 620, `${name} is ${height} px high`);
    }
    await dialog.done();
    await editor.deploy();
    await red.logged(/Started flows[\s\S]*Started flows/);
    assert.deepEqual(editor.faults(), []);
  },
);
