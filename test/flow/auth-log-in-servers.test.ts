import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PressureSource } from '../../lib/back-pressure.ts';
import register from '../../nodes/auth-log-in/auth-log-in.ts';
import { collect, recordsOf, statusOf, whenConnected, whenStatus } from '../support/docker-flow.ts';
import { runFlow } from '../support/flow.ts';
import { temporaryFolder } from '../support/folder.ts';
import { silentServers, TWO_SERVERS } from '../support/silent-servers.ts';
import { until } from '../support/until.ts';

const failed = (user: string): string =>
  `2026-11-23T18:04:20Z web1 sshd[1]: Invalid user ${user} from 192.0.2.7 port 1\n`;

/** The flow without the node. */
const NOTHING: object[] = [{ id: 'f', type: 'tab' }, ...TWO_SERVERS];

function flowWith(file: string, more: object = {}): object[] {
  return [
    { id: 'f', type: 'tab' },
    { id: 'a', z: 'f', type: 'auth-log-in', file, wires: [['out', 'toMain']], ...more },
    { id: 'out', z: 'f', type: 'helper' },
    ...TWO_SERVERS,
  ];
}

test('auth-log-in pauses while its own server has no room, says for whom, and not for the server of others', async (t) => {
  const file = join(temporaryFolder(), 'auth.log');
  writeFileSync(file, '');
  const servers = silentServers();
  const flow = await runFlow(t, [register, servers.register], flowWith(file));
  const heard = collect(flow, 'out');
  await whenConnected(flow, 'a');
  const [main, other] = [
    new PressureSource(servers.bus(), 'mainServer'),
    new PressureSource(servers.bus(), 'otherServer'),
  ];

  other.set(true);
  appendFileSync(file, failed('one'));
  await until(() => heard.length === 1);
  assert.equal(statusOf(flow, 'a').fill, 'green');

  main.set(true);
  await whenStatus(flow, 'a', /status\.paused/);
  appendFileSync(file, failed('two'));
  main.close();
  await until(() => heard.length === 2);
  await whenConnected(flow, 'a');
  assert.deepEqual(
    recordsOf(heard).map(({ user_name }) => user_name),
    ['one', 'two'],
  );
});

test('the state of auth-log-in goes with the node, also of one with a wrong setting, and stays where it is only disabled', async (t) => {
  const folder = temporaryFolder();
  const file = join(folder, 'auth.log');
  writeFileSync(file, failed('one'));
  const servers = silentServers();
  const flow = await runFlow(t, [register, servers.register], flowWith(file), { userDir: folder });
  const state = join(folder, 'infra-monitoring/auth-log-in-a.json');
  const left = (): string[] => readdirSync(join(folder, 'infra-monitoring'), { recursive: true }) as string[];
  await until(() => existsSync(state));

  await flow.redeploy(flowWith(file, { d: true }));
  assert.ok(existsSync(state));
  await flow.redeploy(flowWith(file));
  assert.ok(existsSync(state));
  await flow.redeploy(NOTHING);
  assert.deepEqual(left(), ['previous']);

  await flow.redeploy(flowWith('not/absolute'));
  writeFileSync(state, '{}');
  await flow.redeploy(NOTHING);
  assert.deepEqual(left(), ['previous']);
});

test('auth-log-in with a state of garbage reads its file from the beginning, and warns', async (t) => {
  const folder = temporaryFolder();
  const file = join(folder, 'auth.log');
  writeFileSync(file, failed('one'));
  mkdirSync(join(folder, 'infra-monitoring'));
  writeFileSync(join(folder, 'infra-monitoring/auth-log-in-a.json'), '{"journal":null}');
  const servers = silentServers();
  const flow = await runFlow(t, [register, servers.register], flowWith(file), { userDir: folder });
  const { warn } = flow.node('a') as unknown as { warn: { getCalls(): { args: unknown[] }[] } };
  const heard = collect(flow, 'out');
  await until(() => heard.length === 1);
  assert.deepEqual(
    warn.getCalls().map(({ args }) => args[0]),
    ['auth-log-in.warning.state'],
  );
});
