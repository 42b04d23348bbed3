import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { InfraRecord } from '../../../lib/record.ts';
import dockerEngine from '../../../nodes/docker-engine/docker-engine.ts';
import dockerLogs from '../../../nodes/docker-logs-in/docker-logs-in.ts';
import graylogOut from '../../../nodes/graylog-out/graylog-out.ts';
import graylogServer from '../../../nodes/graylog-server/graylog-server.ts';
import { IMAGE, missingForDocker, startEngine, type TestEngine } from '../../support/docker.ts';
import { whenConnected } from '../../support/docker-flow.ts';
import { runFlow } from '../../support/flow.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Document, receiveTcp } from '../../support/graylog.ts';
import { startNodeRed } from '../../support/node-red.ts';
import { real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const missing = missingForDocker();
const present = { ...real(`Docker Engine to test with: ${missing}`, missing === undefined), timeout: 240_000 };
const cannotStart = missingForDocker(true);
const owned = { ...real(`Docker Engine of its own: ${cannotStart}`, cannotStart === undefined), timeout: 240_000 };

const WRITERS = 3;
/** 250 lines/s at most, and enough of them for 500 lines/s from three containers on a busy machine. */
const WRITE = 'n=0; while true; do for i in 1 2 3 4 5; do n=$((n+1)); echo "line $n"; done; sleep 0.015; done';

function flowAt(host: string, end: object): object[] {
  return [
    { id: 'f', type: 'tab' },
    { id: 'e', type: 'docker-engine', host },
    { id: 'l', z: 'f', type: 'docker-logs-in', engine: 'e', composeDir: '', include: 'writer-*', wires: [['out']] },
    { id: 'out', z: 'f', ...end },
  ];
}

/** A node type that collects what it receives, over redeploys. */
function collector(heard: InfraRecord[]): (RED: NodeAPI) => void {
  return (RED) => {
    function CollectNode(this: Node, config: NodeDef): void {
      RED.nodes.createNode(this, config);
      this.on('input', (msg) => heard.push(msg.payload as InfraRecord));
    }
    RED.nodes.registerType('collect', CollectNode);
  };
}

async function startWriters(engine: TestEngine): Promise<string[]> {
  const names = Array.from({ length: WRITERS }, (_, number) => `writer-${number}`);
  const settings = ['--network', 'none', '--restart', 'always', '--stop-signal', 'KILL'];
  await Promise.all(
    names.map((name) => engine.docker('run', '-d', '--name', name, ...settings, IMAGE, 'sh', '-c', WRITE)),
  );
  return names;
}

const lineOf = ({ container_name, event_id, message }: InfraRecord): string =>
  `${container_name} ${/\d{4}-\d\d-\d\dT\S+?Z/.exec(event_id)?.[0]} ${message}`;

const uniqueLines = (heard: readonly InfraRecord[]): string[] => {
  const unique = new Map(heard.map((record) => [record.event_id, record]));
  return [...unique.values()].map(lineOf);
};

/** What the engine has of the writers, once they have stopped. */
async function written(engine: TestEngine, names: string[]): Promise<string[]> {
  await engine.docker('update', '--restart', 'no', ...names);
  await engine.docker('kill', ...names).catch(() => undefined);
  const logs = await Promise.all(
    names.map(async (name) => {
      const lines = (await engine.docker('logs', '-t', name)).split('\n').filter((line) => line !== '');
      return lines.map((line) => `${name} ${line}`);
    }),
  );
  return logs.flat();
}

/** A GELF document as the record it was. */
function recordOf(document: Document): InfraRecord {
  const fields = Object.entries(document).map(([key, value]) => [key.replace(/^_/, ''), value]);
  return { ...Object.fromEntries(fields), message: document.short_message };
}

/** How fast the lines were written, from the first to the last. */
function rateOf(lines: string[]): string {
  const times = lines.map((line) => Date.parse(line.split(' ')[1] ?? '')).sort((a, b) => a - b);
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
  return `${lines.length} lines, ${Math.round(lines.length / seconds)} lines/s`;
}

async function assertNothingLost(heard: () => readonly InfraRecord[], expected: string[]): Promise<void> {
  await until(() => uniqueLines(heard()).length >= expected.length).catch(() => undefined);
  const got = new Set(uniqueLines(heard()));
  const lost = expected.filter((line) => !got.has(line));
  assert.deepEqual(lost.slice(0, 5), [], `${lost.length} of ${expected.length} lines lost`);
  assert.equal(got.size, expected.length);
}

const more = async (heard: () => readonly InfraRecord[], count = 500): Promise<void> => {
  const before = heard().length;
  await until(() => heard().length >= before + count, 60_000);
};

test('docker-logs-in loses nothing when it is redeployed, stopped and started', present, async (t) => {
  const engine = await startEngine(t);
  const userDir = temporaryFolder();
  const heard: InfraRecord[] = [];
  const nodes = [dockerEngine, dockerLogs, collector(heard)];
  const flowJson = flowAt(engine.host, { type: 'collect' });
  const flow = await runFlow(t, nodes, flowJson, { userDir });
  await whenConnected(flow, 'l');
  const names = await startWriters(engine);
  await more(() => heard);
  for (let turn = 0; turn < 3; turn += 1) {
    await flow.redeploy(flowJson);
    await more(() => heard);
  }
  await flow.stop();
  // Written while nobody listens.
  await engine.docker('restart', ...names);
  await runFlow(t, nodes, flowJson, { userDir });
  await more(() => heard);
  const expected = await written(engine, names);
  await assertNothingLost(() => heard, expected);
  t.diagnostic(rateOf(expected));
  // What was handed on less than a second before a redeploy comes again, with the same event_id, and no more than that.
  assert.ok(heard.length - expected.length < 4 * 1.5 * WRITERS * 333, `${heard.length - expected.length} repeated`);
});

test('Graylog gets every line once over redeploys and a restart of Node-RED', present, async (t) => {
  const engine = await startEngine(t);
  const userDir = temporaryFolder();
  const receiver = await receiveTcp(t);
  const server = { id: 'g', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${receiver.port}`, host: 'host-1' };
  const flowJson = [...flowAt(engine.host, { type: 'graylog-out', server: 'g' }), server];
  const nodes = [dockerEngine, dockerLogs, graylogServer, graylogOut];
  const shipped = (): InfraRecord[] =>
    receiver.documents.filter(({ _log_type: type }) => type === 'docker_log').map(recordOf);
  const flow = await runFlow(t, nodes, flowJson, { userDir });
  await whenConnected(flow, 'l');
  const names = await startWriters(engine);
  await more(shipped);
  for (let turn = 0; turn < 3; turn += 1) {
    await flow.redeploy(flowJson);
    await more(shipped);
  }
  await flow.stop();
  await engine.docker('restart', ...names);
  await runFlow(t, nodes, flowJson, { userDir });
  await more(shipped);
  const expected = await written(engine, names);
  await assertNothingLost(shipped, expected);
  assert.equal(shipped().length, expected.length);
  assert.deepEqual(receiver.faults, []);
  t.diagnostic(rateOf(expected));
});

test('docker-logs-in loses nothing when Node-RED is killed', present, async (t) => {
  const engine = await startEngine(t);
  const userDir = temporaryFolder();
  const file = join(userDir, 'records');
  const end = [
    { id: 'j', z: 'f', type: 'json', property: 'payload', action: 'str', wires: [['w']] },
    { id: 'w', z: 'f', type: 'file', filename: file, filenameType: 'str', appendNewline: true, overwriteFile: 'false' },
  ];
  const flow = [...flowAt(engine.host, { type: 'change', rules: [], wires: [['j']] }), ...end];
  const heard = (): InfraRecord[] => {
    let text = '';
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      // Not yet there.
    }
    const lines = text.split('\n').filter((line) => line.endsWith('}'));
    return lines.map((line) => JSON.parse(line) as InfraRecord);
  };
  let red = await startNodeRed(t, { userDir, flow });
  await until(() => {
    try {
      return readFileSync(join(userDir, 'infra-monitoring/docker-logs-l.json'), 'utf8') !== '';
    } catch {
      return false;
    }
  });
  const names = await startWriters(engine);
  for (let turn = 0; turn < 2; turn += 1) {
    await more(heard, 1000);
    await red.kill();
    red = await startNodeRed(t, { userDir });
  }
  await more(heard);
  const expected = await written(engine, names);
  await assertNothingLost(heard, expected);
  t.diagnostic(rateOf(expected));
});

test('docker-logs-in loses nothing and repeats nothing when the engine is stopped and started', owned, async (t) => {
  const engine = await startEngine(t, true);
  const heard: InfraRecord[] = [];
  const nodes = [dockerEngine, dockerLogs, collector(heard)];
  const flow = await runFlow(t, nodes, flowAt(engine.host, { type: 'collect' }));
  await whenConnected(flow, 'l');
  const names = await startWriters(engine);
  await more(() => heard);
  for (let turn = 0; turn < 2; turn += 1) {
    await engine.stop();
    await engine.start();
    await more(() => heard);
  }
  const expected = await written(engine, names);
  await assertNothingLost(() => heard, expected);
  assert.equal(heard.length, expected.length);
  t.diagnostic(rateOf(expected));
});
