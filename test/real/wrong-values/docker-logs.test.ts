// Risk: lines that are left out, joined or told that should not be.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import dockerEngine from '../../../nodes/docker-engine/docker-engine.ts';
import dockerLogs from '../../../nodes/docker-logs-in/docker-logs-in.ts';
import { IMAGE, missingForDocker, startEngine } from '../../support/docker.ts';
import { collect, recordsOf, whenConnected } from '../../support/docker-flow.ts';
import { runFlow } from '../../support/flow.ts';
import { real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const missing = missingForDocker();
const options = { ...real(`Docker Engine to test with: ${missing}`, missing === undefined), timeout: 120_000 };

function flowAt(host: string, settings: object = {}): object[] {
  return [
    { id: 'f', type: 'tab' },
    { id: 'e', type: 'docker-engine', host },
    { id: 'l', z: 'f', type: 'docker-logs-in', engine: 'e', composeDir: '', ...settings, wires: [['out']] },
    { id: 'out', z: 'f', type: 'helper' },
  ];
}

test(
  'docker-logs-in hands on every line of containers that live for 200 ms and remove themselves',
  options,
  async (t) => {
    const engine = await startEngine(t);
    const flow = await runFlow(t, [dockerEngine, dockerLogs], flowAt(engine.host));
    const heard = collect(flow, 'out');
    await whenConnected(flow, 'l');
    const runs = Array.from({ length: 6 }, (_, number) =>
      engine.docker(
        'run',
        '--rm',
        '--network',
        'none',
        IMAGE,
        'sh',
        '-c',
        `echo out ${number}; echo err ${number} >&2; sleep 0.2`,
      ),
    );
    await Promise.all(runs);
    await until(() => heard.length >= 12);
    const lines = recordsOf(heard).map(({ stream, message, level }) => `${stream} ${level} ${message}`);
    const expected = runs.flatMap((_, number) => [`stdout 6 out ${number}`, `stderr 3 err ${number}`]);
    assert.deepEqual(lines.sort(), expected.sort());
  },
);

test(
  'docker-logs-in hands on a last line without an end, also of a container that removes itself',
  options,
  async (t) => {
    const engine = await startEngine(t);
    const flow = await runFlow(t, [dockerEngine, dockerLogs], flowAt(engine.host));
    const heard = collect(flow, 'out');
    await whenConnected(flow, 'l');
    await engine.docker('run', '--rm', '--network', 'none', IMAGE, 'sh', '-c', 'echo one; sleep 0.2; printf "no end"');
    await engine.docker('run', '--network', 'none', IMAGE, 'sh', '-c', 'echo one; sleep 0.2; printf "no end"');
    await until(() => heard.length >= 4);
    assert.deepEqual(
      recordsOf(heard).map(({ message }) => message),
      ['one', 'no end', 'one', 'no end'],
    );
  },
);

test(
  'docker-logs-in tells of a log that cannot be read, and leaves alone who does not want to be followed',
  options,
  async (t) => {
    const engine = await startEngine(t);
    const flow = await runFlow(t, [dockerEngine, dockerLogs], flowAt(engine.host, { exclude: 'not-me' }));
    const heard = collect(flow, 'out');
    await whenConnected(flow, 'l');
    const { warn } = flow.node('l') as unknown as { warn: { getCalls(): { args: [string] }[] } };
    const box = ['--network', 'none'];
    await engine.docker('run', ...box, '--log-driver', 'none', IMAGE, 'echo', 'unread');
    await engine.docker('run', ...box, '--label', 'infra-monitoring.logs=false', IMAGE, 'echo', 'opted out');
    await engine.docker('run', ...box, '--name', 'not-me', IMAGE, 'echo', 'excluded');
    await engine.docker('run', ...box, '--name', 'me', '--log-driver', 'local', IMAGE, 'echo', 'heard');
    await until(() => heard.length > 1 && warn.getCalls().length > 1);
    assert.deepEqual(
      recordsOf(heard).map(({ message, event_id: id }) => (id.endsWith('-opted-out') ? 'a trace' : message)),
      ['a trace', 'heard'],
    );
    assert.deepEqual(
      warn.getCalls().map(({ args }) => args[0]),
      ['docker-logs-in.notice.unreadable', 'docker-logs-in.notice.optedOut'],
    );
  },
);

test('docker-logs-in joins stack traces and reads JSON lines where it is asked to', options, async (t) => {
  const engine = await startEngine(t);
  const trace = 'echo Error: x; echo "  at a"; echo "  at b"; sleep 1000';
  await engine.docker(
    'run',
    '-d',
    '--network',
    'none',
    '--name',
    'trace',
    '--stop-signal',
    'KILL',
    IMAGE,
    'sh',
    '-c',
    trace,
  );
  const line = JSON.stringify({ level: 'warn', msg: 'hello', user: { id: 7 } });
  await engine.docker('run', '-d', '--network', 'none', '--name', 'json', IMAGE, 'echo', line);
  const settings = { from: 'start', include: 'trace', multiline: '^\\S' };
  const joined = await runFlow(t, [dockerEngine, dockerLogs], flowAt(engine.host, settings));
  const [record] = recordsOf([await joined.next('out')]);
  assert.deepEqual([record?.message, record?.full_message], ['Error: x', 'Error: x\n  at a\n  at b']);
  await joined.stop();
  const read = await runFlow(
    t,
    [dockerEngine, dockerLogs],
    flowAt(engine.host, { from: 'start', include: 'json', json: true }),
  );
  const [fields] = recordsOf([await read.next('out')]);
  assert.deepEqual([fields?.message, fields?.level, fields?.json_level], ['hello', 4, 'warn']);
  assert.deepEqual([fields?.json_user_id, fields?.json_user_id_number], ['7', 7]);
});

test(
  'docker-logs-in leaves alone what was written before it was there, also when the container stops',
  options,
  async (t) => {
    const engine = await startEngine(t);
    const settings = ['--network', 'none', '--stop-signal', 'KILL'];
    await engine.docker('run', '-d', '--name', 'old', ...settings, IMAGE, 'sh', '-c', 'echo old; sleep 1000');
    await until(async () => (await engine.docker('logs', 'old')) !== '');
    const flow = await runFlow(t, [dockerEngine, dockerLogs], flowAt(engine.host));
    const heard = collect(flow, 'out');
    await whenConnected(flow, 'l');
    await engine.docker('kill', 'old');
    await engine.docker('start', 'old');
    await until(() => heard.length > 0);
    await engine.docker('kill', 'old');
    await engine.docker('run', ...settings, IMAGE, 'echo', 'new');
    await until(() => recordsOf(heard).some(({ message }) => message === 'new'));
    assert.deepEqual(
      recordsOf(heard).map(({ message }) => message),
      ['old', 'new'],
    );
  },
);
