// Risk: in a Node-RED without an editor, or as a package, no records are kept, or others than were shipped.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startNodeRed } from '../../support/node-red.ts';
import { until } from '../../support/until.ts';

const flow = [
  { id: 'f', type: 'tab' },
  { id: 's', type: 'graylog-server', endpoints: 'file:', host: 'web-1' },
  {
    ...{ id: 'i', z: 'f', type: 'inject', payloadType: 'json', once: true, onceDelay: '0.1', repeat: '0.2' },
    payload: JSON.stringify({ message: 'GET /health 200', log_type: 'docker_log', container_name: 'proxy', size: 7 }),
    props: [{ p: 'payload' }],
    wires: [['filter']],
  },
  { id: 'filter', z: 'f', type: 'record-filter', action: 'keep', wires: [['out'], []] },
  { id: 'out', z: 'f', type: 'graylog-out', server: 's', port: '' },
];

test('what was shipped is previewed and offered where there is no editor', { timeout: 120_000 }, async (t) => {
  const red = await startNodeRed(t, { flow, settings: { disableEditor: true } });
  const preview = (settings: object): Promise<{ total: number; passed: number; last: { source: string }[] }> =>
    red.api('/infra-monitoring/record-filter/preview', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(settings),
    });
  await until(async () => (await preview({})).total > 2);
  const rules = { mode: 'any', rules: [{ field: 'size', operator: 'below', value: '10' }] };
  const { total, passed, last } = await preview({ action: 'drop', rules });
  assert.ok(total > 2);
  assert.equal(passed, 0);
  assert.equal(last[0]?.source, 'proxy');
  const { fields } = await red.api<{ fields: { [key: string]: object } }>('/infra-monitoring/values');
  assert.partialDeepStrictEqual(fields.size, { kind: 'number', values: ['7'], log_types: ['docker_log'] });
});
