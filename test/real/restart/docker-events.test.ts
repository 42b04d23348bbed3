// Risk: events that happen over a redeploy or while Node-RED is away.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { eventId, parseEvent } from '../../../lib/docker/events.ts';
import dockerEngine from '../../../nodes/docker-engine/docker-engine.ts';
import dockerEvents from '../../../nodes/docker-events-in/docker-events-in.ts';
import type { EventMessage } from '../../../nodes/docker-events-in/event.ts';
import { IMAGE, missingForDocker, startEngine, type TestEngine } from '../../support/docker.ts';
import { whenConnected } from '../../support/docker-flow.ts';
import { eventsFlow } from '../../support/events-flow.ts';
import { runFlow } from '../../support/flow.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const missing = missingForDocker();
const options = { ...real(`Docker Engine to test with: ${missing}`, missing === undefined), timeout: 180_000 };

/** The ids of the events that the engine remembers from the container `first` on, as the records have them. */
async function remembered(engine: TestEngine, since: number, first: string): Promise<string[]> {
  const until = Math.ceil(Date.now() / 1000) + 1;
  const printed = await engine.docker(
    'events',
    '--since',
    String(since),
    '--until',
    String(until),
    '--format',
    '{{json .}}',
  );
  const lines = printed.split('\n').filter((line) => line !== '');
  const events = lines.map(parseEvent);
  // The engine is asked in whole seconds: what came earlier in the second of the first was before the node listened.
  const from = events.findIndex(({ event }) => event.Actor.Attributes?.name === first);
  return events.slice(from).map(eventId);
}

test('docker-events-in tells what happened over redeploys and while Node-RED was away, once', options, async (t) => {
  const engine = await startEngine(t);
  const userDir = temporaryFolder();
  const heard: EventMessage[] = [];
  const collector = (RED: NodeAPI): void => {
    function CollectNode(this: Node, config: NodeDef): void {
      RED.nodes.createNode(this, config);
      this.on('input', (msg) => heard.push(msg as unknown as EventMessage));
    }
    RED.nodes.registerType('collect', CollectNode);
  };
  const nodes = [dockerEngine, dockerEvents, collector];
  const flowJson = eventsFlow(engine.host, {}).map((node) =>
    'type' in node && node.type === 'helper' ? { ...node, type: 'collect' } : node,
  );
  const ids = (): string[] => [...new Set(heard.map(({ payload }) => payload.event_id))];
  const box = ['--network', 'none', IMAGE];

  const flow = await runFlow(t, nodes, flowJson, { userDir });
  await whenConnected(flow, 'd');
  const since = Math.floor(Date.now() / 1000);
  await engine.docker('run', '-d', '--name', 'stays', ...box, 'sleep', '1000');
  for (let turn = 0; turn < 3; turn += 1) {
    await flow.redeploy(flowJson);
    await engine.docker('run', '--rm', ...box, 'true');
  }
  await flow.stop();
  await engine.docker('run', '--name', 'gone', ...box, 'false').catch(() => undefined);
  await engine.docker('rm', 'gone');
  await engine.docker('tag', IMAGE, 'tagged:1');
  await engine.docker('rmi', 'tagged:1');
  const again = await runFlow(t, nodes, flowJson, { userDir });
  await whenConnected(again, 'd');
  await engine.docker('kill', 'stays');
  await until(() => heard.some(({ event }) => event.action === 'die' && event.attributes.name === 'stays'));
  const truth = await remembered(engine, since, 'stays');
  await until(() => ids().length >= truth.length);
  assert.deepEqual(ids().sort(), truth.sort());
});
