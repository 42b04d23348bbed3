import { test } from 'node:test';
import { receiveTcp } from '../../support/graylog.ts';
import { startNodeRed } from '../../support/node-red.ts';

test('with metrics in its settings, Node-RED logs those of our nodes', { timeout: 120_000 }, async (t) => {
  const graylog = await receiveTcp(t);
  const nodeRed = await startNodeRed(t, {
    flow: [
      { id: 'f', type: 'tab' },
      { id: 'g', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${graylog.port}` },
      { id: 'i', z: 'f', type: 'inject', once: true, props: [{ p: 'payload', v: 'hello', vt: 'str' }], wires: [['o']] },
      { id: 'o', z: 'f', type: 'graylog-out', server: 'g', wires: [] },
    ],
    settings: { logging: { console: { level: 'info', metrics: true } } },
  });
  await graylog.find(({ short_message }) => short_message === 'hello');
  await nodeRed.logged(/"event":"node\.graylog-out\.receive"/);
  await nodeRed.logged(/"event":"node\.graylog-out\.done"/);
});
