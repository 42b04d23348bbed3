import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import graylogOut from '../../nodes/graylog-out/graylog-out.ts';
import graylogServer from '../../nodes/graylog-server/graylog-server.ts';
import { runFlow } from '../support/flow.ts';
import { freePort } from '../support/ports.ts';
import { PATIENCE_MS, until } from '../support/until.ts';

const tab = { id: 'tab', type: 'tab', label: 'tab' };
const other = { id: 'other', z: 'tab', type: 'helper', wires: [] };

test('the files of a server that is deleted go; those of one that is disabled stay', async (t) => {
  const server = { id: 'g', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${await freePort()}` };
  const out = { id: 'out', z: 'tab', type: 'graylog-out', server: 'g', wires: [] };
  const flow = await runFlow(t, [graylogServer, graylogOut], [tab, server, out, other]);
  flow.node('out').receive({ payload: 'a line' });
  const folder = join(flow.userDir, 'infra-monitoring');
  const names = (): string[] => (existsSync(folder) ? readdirSync(folder) : []);
  await until(() => names().includes('buffer-g-main'));
  await flow.redeploy([tab, { ...server, d: true }, { ...out, d: true }, other]);
  assert.ok(names().includes('buffer-g-main'), `${names()}`);
  await flow.redeploy([tab, server, out, other]);
  await flow.redeploy([tab, other]);
  await until(
    // The folder of older copies is shared by all nodes.
    () => names().every((name) => name === 'previous' && readdirSync(join(folder, name)).length === 0),
    PATIENCE_MS,
    () => `${names()}`,
  );
});
