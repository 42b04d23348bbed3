import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skipUnwantedMetrics } from '../../../lib/node-metrics.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { startNodeRed } from '../../support/node-red.ts';

for (const [wanted, logged] of [
  [false, []],
  [true, ['node.x.send']],
] as const) {
  test(`a node's metric is ${wanted ? 'logged where a logger wants metrics' : 'left out where no logger does'}`, () => {
    const seen: unknown[] = [];
    const node = {
      type: 'x',
      metric(event?: string, msg?: object) {
        if (event === undefined) return wanted;
        seen.push(`node.${this.type}.${event}`);
        assert.deepEqual(msg, { _msgid: '1' });
        return undefined;
      },
    };
    skipUnwantedMetrics(node, { metric: () => wanted });
    node.metric('send', { _msgid: '1' });
    assert.deepEqual(seen, logged);
    assert.equal(node.metric(), wanted, 'asked whether metrics are wanted');
  });
}

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
