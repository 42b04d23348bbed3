import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import type { NodeAPI } from 'node-red';
import registerAlert from '../../nodes/alert/alert.ts';
import registerSource from '../../nodes/auth-log-in/auth-log-in.ts';
import registerOut from '../../nodes/graylog-out/graylog-out.ts';
import registerServer from '../../nodes/graylog-server/graylog-server.ts';
import registerFilter from '../../nodes/record-filter/record-filter.ts';
import { runFlow } from '../support/flow.ts';
import { temporaryFolder } from '../support/folder.ts';
import { receiveTcp } from '../support/graylog.ts';
import { until } from '../support/until.ts';

const registerChange = createRequire(import.meta.url)('@node-red/nodes/core/function/15-change.js') as (
  RED: NodeAPI,
) => void;
const nodes = [registerServer, registerOut, registerSource, registerFilter, registerAlert, registerChange];

const failed = (user: string): string =>
  `2026-11-23T18:04:20Z web1 sshd[1]: Failed password for ${user} from 192.0.2.7 port 1 ssh2\n`;
const rules = (field: string, value: string): object => ({
  ...{ mode: 'any', rules: [{ field, operator: 'is', value, orAbsent: false }] },
});

/** The source, and behind it these nodes; all that ships goes to one receiver. */
function flowOf(file: string, port: number, wires: readonly string[], ...parts: object[]): object[] {
  return [
    { id: 'f', type: 'tab' },
    { id: 's', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${port}`, host: 'web-1' },
    { id: 'a', z: 'f', type: 'auth-log-in', file, start: 'beginning', wires: [[...wires]] },
    ...parts.map((part) => ({ z: 'f', ...part })),
  ];
}

const out = (id: string, more: object = {}): object => ({ id, type: 'graylog-out', server: 's', port: '', ...more });

function logOf(...users: string[]): string {
  const file = join(temporaryFolder(), 'auth.log');
  writeFileSync(file, users.map(failed).join(''));
  return file;
}

test('records pass a filter in order, and an alert beside it sees the same ones', async (t) => {
  const users = Array.from({ length: 300 }, (_, n) => (n % 3 === 0 ? 'backup' : `user${n}`));
  const receiver = await receiveTcp(t);
  const alert = { id: 'rings', type: 'alert', name: 'root', kind: 'match', only: rules('user_name', 'root') };
  const flow = flowOf(
    ...([logOf(...users, 'root'), receiver.port, ['keeps', 'rings']] as const),
    { id: 'keeps', type: 'record-filter', action: 'drop', rules: rules('user_name', 'backup'), wires: [['out'], []] },
    out('out'),
    { ...alert, wires: [['told']] },
    { id: 'told', type: 'helper' },
  );
  const running = await runFlow(t, nodes, flow);
  const told = await running.next('told');
  assert.equal((told.payload as { user_name?: unknown }).user_name, 'root');
  const documents = await receiver.until((all) => all.length === 201);
  assert.deepEqual(
    documents.map(({ _user_name: name }) => name),
    [...users, 'root'].filter((name) => name !== 'backup'),
  );
});

test('what a node of the user makes of a record is what is shipped, and changes nothing for the others', async (t) => {
  const receiver = await receiveTcp(t);
  const rule = { t: 'set', p: 'payload.user_name', pt: 'msg', to: 'somebody', tot: 'str' };
  const flow = flowOf(
    ...([logOf('alice'), receiver.port, ['own', 'edits']] as const),
    out('own', { fields: 'way=direct' }),
    { id: 'edits', type: 'change', rules: [rule], wires: [['edited']] },
    out('edited', { fields: 'way=edited' }),
  );
  await runFlow(t, nodes, flow);
  const documents = await receiver.until((all) => all.length === 2);
  const shipped = documents.map(({ _way: way, _user_name: name }) => `${way} ${name}`);
  assert.deepEqual(shipped.sort(), ['direct alice', 'edited somebody']);
});

test('a Complete node hears of every record, and what is added to the log later comes after it', async (t) => {
  const receiver = await receiveTcp(t);
  const file = logOf('alice');
  const flow = flowOf(
    ...([file, receiver.port, ['out']] as const),
    out('out'),
    { id: 'watches', type: 'complete', scope: ['out'], wires: [['completed']] },
    { id: 'completed', type: 'helper' },
  );
  const running = await runFlow(t, nodes, flow);
  const heard: unknown[] = [];
  running.node('completed').on('input', (msg) => heard.push((msg.payload as { user_name?: unknown }).user_name));
  appendFileSync(file, failed('bob'));
  await until(() => heard.includes('bob'));
  const documents = await receiver.until((all) => all.length === 2);
  assert.deepEqual(
    documents.map(({ _user_name: name }) => name),
    ['alice', 'bob'],
  );
});
