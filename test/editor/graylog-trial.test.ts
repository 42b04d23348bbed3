import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasBrowser } from '../support/browser.ts';
import { openEditor } from '../support/editor.ts';
import { receiveHttp } from '../support/graylog.ts';
import { startNodeRed } from '../support/node-red.ts';
import { freePort } from '../support/ports.ts';
import { real } from '../support/real.ts';

test('the Test button of graylog-server says what became of one record', real('Chromium', hasBrowser), async (t) => {
  const encodings: unknown[] = [];
  const receiver = await receiveHttp(t, {
    answer: (_path, headers) => {
      encodings.push(headers['content-encoding']);
      return undefined;
    },
  });
  const gone = await freePort();
  const red = await startNodeRed(t, { flow: [{ id: 'tab', type: 'tab', label: 'Flow' }] });
  const editor = await openEditor(t, red.url);
  const outer = await editor.open(await editor.drop('graylog-out', 300, 200));
  const dialog = await outer.openConfigNode('server');
  await dialog.set('endpoints', `http://127.0.0.1:${receiver.port}, tcp://127.0.0.1:${gone}`);
  await dialog.set('host', 'trial-host');
  await dialog.set('gzip', true);
  await dialog.control('test').click();
  const result = dialog.control('test-result');
  await result.getByText('ECONNREFUSED').waitFor();
  assert.match((await result.textContent()) ?? '', /:\d+: delivered \(202\)/);
  const [document] = await receiver.until((all) => all.length === 1);
  assert.equal(document?.host, 'trial-host');
  assert.deepEqual(encodings, ['gzip'], 'packed as the dialog says, though it is not deployed');
  assert.deepEqual(receiver.faults, []);
  await editor.screenshot('graylog-trial');
  assert.deepEqual(editor.faults(), []);
});
