import assert from 'node:assert/strict';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { InfraRecord } from '../../lib/record.ts';
import { IMAGE, type TestEngine } from './docker.ts';
import type { Document } from './graylog.ts';
import { until } from './until.ts';

export const WRITERS = 3;
/** 250 lines/s at most, and enough of them for 500 lines/s from three containers on a busy machine. */
const WRITE = 'n=0; while true; do for i in 1 2 3 4 5; do n=$((n+1)); echo "line $n"; done; sleep 0.015; done';

/** A flow with `docker-logs-in` (`l`) that follows the writers; its msgs go to the node `end`. */
export function writersFlow(host: string, end: object): object[] {
  return [
    { id: 'f', type: 'tab' },
    { id: 'e', type: 'docker-engine', host },
    { id: 'l', z: 'f', type: 'docker-logs-in', engine: 'e', composeDir: '', include: 'writer-*', wires: [['out']] },
    { id: 'out', z: 'f', ...end },
  ];
}

/** A node type that collects what it receives, over redeploys. */
export function collector(heard: InfraRecord[]): (RED: NodeAPI) => void {
  return (RED) => {
    function CollectNode(this: Node, config: NodeDef): void {
      RED.nodes.createNode(this, config);
      this.on('input', (msg) => heard.push(msg.payload as InfraRecord));
    }
    RED.nodes.registerType('collect', CollectNode);
  };
}

/** Starts containers that write without a pause, and gives their names. */
export async function startWriters(engine: TestEngine): Promise<string[]> {
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
export async function written(engine: TestEngine, names: string[]): Promise<string[]> {
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
export function recordOf(document: Document): InfraRecord {
  const fields = Object.entries(document).map(([key, value]) => [key.replace(/^_/, ''), value]);
  return { ...Object.fromEntries(fields), message: document.short_message };
}

/** How fast the lines were written, from the first to the last. */
export function rateOf(lines: string[]): string {
  const times = lines.map((line) => Date.parse(line.split(' ')[1] ?? '')).sort((a, b) => a - b);
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
  return `${lines.length} lines, ${Math.round(lines.length / seconds)} lines/s`;
}

export async function assertNothingLost(heard: () => readonly InfraRecord[], expected: string[]): Promise<void> {
  await until(() => uniqueLines(heard()).length >= expected.length).catch(() => undefined);
  const got = new Set(uniqueLines(heard()));
  const lost = expected.filter((line) => !got.has(line));
  assert.deepEqual(lost.slice(0, 5), [], `${lost.length} of ${expected.length} lines lost`);
  assert.equal(got.size, expected.length);
}

/** Waits until so many more records were heard. */
export const more = async (heard: () => readonly InfraRecord[], count = 500): Promise<void> => {
  const before = heard().length;
  await until(() => heard().length >= before + count, 60_000);
};
