import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasBrowser } from '../support/browser.ts';
import { openEditor } from '../support/editor.ts';
import { receiveHttp } from '../support/graylog.ts';
import { startNodeRed } from '../support/node-red.ts';
import { freePort } from '../support/ports.ts';
import { real } from '../support/real.ts';

declare const RED: { nodes: { node(id: string): object | null } };

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

test(
  'the Test button tests no TLS configuration but the one that is deployed',
  real('Chromium', hasBrowser),
  async (t) => {
    const endpoints = `tls://127.0.0.1:${await freePort()}`;
    const red = await startNodeRed(t, {
      flow: [
        { id: 'tab', type: 'tab', label: 'Flow' },
        { id: 'out', z: 'tab', x: 300, y: 200, type: 'graylog-out', server: 's', port: '', wires: [] },
        { id: 's', type: 'graylog-server', endpoints, tls: 'tls' },
        { id: 'tls', type: 'tls-config', name: '', verifyservercert: true },
      ],
    });
    const editor = await openEditor(t, red.url);
    const dialog = await (await editor.open('out')).openConfigNode('server');
    const result = dialog.control('test-result');
    await dialog.control('test').click();
    await result.getByText('ECONNREFUSED').waitFor();
    // As the editor marks it when its dialog is closed with Update.
    await editor.page.evaluate(() => {
      Object.assign(RED.nodes.node('tls') ?? {}, { changed: true });
    });
    await dialog.control('test').click();
    await result.getByText('deploy it first').waitFor();
  },
);

test(
  'an address with a password is marked as wrong: it would stand in every export',
  real('Chromium', hasBrowser),
  async (t) => {
    const red = await startNodeRed(t, { flow: [{ id: 'tab', type: 'tab', label: 'Flow' }] });
    const editor = await openEditor(t, red.url);
    const outer = await editor.open(await editor.drop('graylog-out', 300, 200));
    const dialog = await outer.openConfigNode('server');
    for (const [address, isWrong] of [
      ['https://graylog.example', false],
      ['https://user:s3cret@graylog.example', true],
      ['file:/srv/records.ndjson', false],
      ['file:relative', true],
    ] as const) {
      await dialog.set('endpoints', address);
      assert.equal(await dialog.isMarked('endpoints'), isWrong, address);
    }
  },
);

test('rows of the dialog are shown by what they belong to', real('Chromium', hasBrowser), async (t) => {
  const flow = [
    { id: 'tab', type: 'tab', label: 'Flow' },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Node-RED replaces it with the variable
    { id: 's', type: 'graylog-server', endpoints: '${LOGGING_URL}' },
    { id: 'o', z: 'tab', type: 'graylog-out', server: 's', x: 200, y: 100, wires: [] },
  ];
  const red = await startNodeRed(t, { flow });
  const editor = await openEditor(t, red.url);
  const dialog = await (await editor.open('o')).openConfigNode('server');
  const rows = ['compression', 'confirmSeconds', 'tls', 'gzip', 'exchange'];
  const shown = async (): Promise<string[]> => {
    const areVisible = await Promise.all(rows.map((row) => dialog.control(row).isVisible()));
    return rows.filter((_, index) => areVisible[index]);
  };
  assert.deepEqual(await shown(), rows, 'a variable may have any address');
  for (const [endpoints, expected, port] of [
    ['udp://127.0.0.1', ['compression'], '12201'],
    ['127.0.0.1', ['confirmSeconds'], '12201'],
    ['https://127.0.0.1', ['tls', 'gzip'], '12201'],
    ['amqp://127.0.0.1', ['exchange'], '5672'],
    ['amqps://127.0.0.1', ['tls', 'exchange'], '5671'],
  ] as const) {
    await dialog.set('endpoints', endpoints);
    assert.deepEqual(await shown(), expected, endpoints);
    assert.equal(await dialog.control('port').getAttribute('placeholder'), port, endpoints);
  }
  await editor.screenshot('graylog-rows');
  assert.deepEqual(editor.faults(), []);
});
