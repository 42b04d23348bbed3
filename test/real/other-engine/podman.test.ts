// Risk: the engine is not Docker's, but Podman's socket.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import dockerEngine from '../../../nodes/docker-engine/docker-engine.ts';
import dockerEvents from '../../../nodes/docker-events-in/docker-events-in.ts';
import type { EventMessage } from '../../../nodes/docker-events-in/event.ts';
import dockerLogs from '../../../nodes/docker-logs-in/docker-logs-in.ts';
import { collect, recordsOf, whenConnected } from '../../support/docker-flow.ts';
import { eventsFlow } from '../../support/events-flow.ts';
import { runFlow } from '../../support/flow.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { followLines, numberedWriter } from '../../support/numbered-lines.ts';
import { missingForPodman, PODMAN_IMAGE, startPodman } from '../../support/podman.ts';
import { real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const missing = missingForPodman();
const present = { ...real(`Podman: ${missing}`, missing === undefined), timeout: 120_000 };
const STAMP = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d) /g;
const DETACHED = ['run', '-d', '--network', 'none'];

function logsFlow(host: string): object[] {
  return [
    { id: 'f', type: 'tab' },
    { id: 'e', type: 'docker-engine', host },
    { id: 'l', z: 'f', type: 'docker-logs-in', engine: 'e', composeDir: '', wires: [['out']] },
    { id: 'out', z: 'f', type: 'helper' },
  ];
}

test('docker-logs-in hands on the lines of a container of Podman, each once', present, async (t) => {
  const { host, podman } = await startPodman(t);
  const flow = await runFlow(t, [dockerEngine, dockerLogs], logsFlow(host));
  const heard = collect(flow, 'out');
  await whenConnected(flow, 'l');
  await podman(
    ...DETACHED,
    '--name',
    'a',
    PODMAN_IMAGE,
    'sh',
    '-c',
    'for i in 1 2 3; do echo "line $i"; done; sleep 1000',
  );
  await until(() => heard.length >= 3);
  assert.deepEqual(
    recordsOf(heard).map(({ container_name: name, message }) => [name, message]),
    [1, 2, 3].map((number) => ['a', `line ${number}`]),
  );
});

test('docker-events-in tells what happens to a container of Podman', present, async (t) => {
  const { host, podman } = await startPodman(t);
  const flow = await runFlow(t, [dockerEngine, dockerEvents], eventsFlow(host, {}));
  const heard = collect<EventMessage>(flow, 'out');
  await whenConnected(flow, 'd');
  await podman(...DETACHED, '--name', 'a', PODMAN_IMAGE, 'sh', '-c', 'exit 3');
  await until(() => heard.some(({ event }) => event.action === 'die'));
  const actions = heard.map(({ event }) => event.action);
  assert.ok(
    ['create', 'start', 'die'].every((action) => actions.includes(action)),
    actions.join(),
  );
  assert.equal(recordsOf(heard).find(({ event_action: action }) => action === 'die')?.exit_code, 3);
});

test(
  'docker-logs-in makes one record of a line of Podman that was written in parts, and of a long one of a terminal',
  present,
  async (t) => {
    const { host, podman } = await startPodman(t);
    const { messages, notices } = followLines(t, host);
    const write = `printf "begin "; sleep 1.2; echo end; echo ${'x'.repeat(9_000)}; sleep 1000`;
    await podman(...DETACHED, '--name', 'parts', PODMAN_IMAGE, 'sh', '-c', write);
    await podman(
      ...DETACHED,
      '-t',
      '--name',
      'terminal',
      PODMAN_IMAGE,
      'sh',
      '-c',
      write.slice(write.indexOf('echo x')),
    );
    await until(() => messages.length >= 3);
    const textsOf = (name: string): unknown[] =>
      messages.filter(({ payload }) => payload.container_name === name).map(({ payload }) => payload.message);
    assert.deepEqual(textsOf('parts'), ['begin end', 'x'.repeat(9_000)]);
    // On a busy machine the terminal gives a short piece now and then: its stamp cannot be told from text, and stays.
    const ofTerminal = textsOf('terminal').map((text) => String(text).replaceAll(STAMP, ''));
    assert.deepEqual(ofTerminal, ['x'.repeat(9_000)]);
    assert.deepEqual(notices, []);
  },
);

test(
  'docker-logs-in reads of Podman what was written while it was stopped, each line with its id',
  present,
  async (t) => {
    const { host, podman } = await startPodman(t);
    const folder = temporaryFolder();
    const first = followLines(t, host, {}, folder);
    await podman(...DETACHED, '--name', 'web', PODMAN_IMAGE, 'sh', '-c', numberedWriter(20));
    await until(() => first.lines.count >= 40);
    await first.stop();
    const second = followLines(t, host, {}, folder);
    await until(() => second.lines.highest > first.lines.highest + 40);
    const missing = second.lines.missing(second.lines.highest).filter((number) => number > first.lines.highest);
    assert.deepEqual([missing, second.lines.otherIds], [[], []]);
    const idOf = (messages: typeof first.messages, number: number): string | undefined =>
      messages.find(({ payload }) => payload.message.startsWith(`line ${number} `))?.payload.event_id;
    for (const { payload } of second.messages) {
      const number = Number(/^line (\d+)/.exec(payload.message)?.[1]);
      const before = idOf(first.messages, number);
      if (before !== undefined) assert.equal(payload.event_id, before);
    }
  },
);
