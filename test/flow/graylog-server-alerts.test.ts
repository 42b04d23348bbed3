import assert from 'node:assert/strict';
import { test } from 'node:test';
import alert from '../../nodes/alert/alert.ts';
import graylogOut from '../../nodes/graylog-out/graylog-out.ts';
import graylogServer from '../../nodes/graylog-server/graylog-server.ts';
import { runFlow } from '../support/flow.ts';
import { receiveTcp } from '../support/graylog.ts';

test('an alert that fires and whose node is deleted, or disabled, is shipped as resolved, once', async (t) => {
  const receiver = await receiveTcp(t);
  // Without a place Node-RED takes a node for one of configuration, and a name that is an id for a reference.
  const rule = {
    type: 'alert',
    z: 'tab',
    x: 100,
    y: 100,
    kind: 'state',
    field: 's',
    bad: 'down',
    good: 'up',
    wires: [['out']],
  };
  const base = [
    { id: 'tab', type: 'tab', label: 'tab' },
    { id: 'g', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${receiver.port}` },
    { id: 'out', z: 'tab', type: 'graylog-out', server: 'g', wires: [] },
  ];
  const alerts = ['a', 'b', 'c'].map((id) => ({ id, name: id, ...rule }));
  const flow = await runFlow(t, [graylogServer, graylogOut, alert], [...base, ...alerts]);
  for (const { id } of alerts) flow.node(id).receive({ payload: { s: 'down' } } as never);
  flow.node('c').receive({ payload: { s: 'up' } } as never);
  await receiver.until((all) => all.length >= 4);
  await flow.redeploy([...base, { ...alerts[1], d: true }]);
  const isEnd = (one: object): boolean => Reflect.get(one, '_alert_state') === 'resolved';
  await receiver.until((all) => all.filter(isEnd).length >= 3);
  await flow.redeploy([...base]);
  flow.node('out').receive({ payload: 'the last' } as never);
  await receiver.until((all) => all.some(({ short_message }) => short_message === 'the last'));
  const ends = receiver.documents.filter(isEnd);
  assert.deepEqual(ends.map(({ _alert_name }) => _alert_name).toSorted(), ['a', 'b', 'c']);
  for (const one of ends) {
    assert.equal(one._event_id, `${one._alert_id}-resolved`);
    assert.equal(one.level, 5);
  }
});
