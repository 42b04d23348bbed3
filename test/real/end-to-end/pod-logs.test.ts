// Risk: a line that a container of a pod wrote is missing, comes twice, or names another container.

import assert from 'node:assert/strict';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { InfraRecord } from '../../../lib/record.ts';
import { Containerd, missingForContainerd } from '../../support/containerd.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { startNodeRed } from '../../support/node-red.ts';
import { writeEvery } from '../../support/pace.ts';
import { real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const missing = missingForContainerd();
const present = { ...real(`containerd to test with: ${missing}`, missing === undefined), timeout: 120_000 };

interface Watched {
  readonly userDir: string;
  readonly red: Awaited<ReturnType<typeof startNodeRed>>;
  readonly records: () => InfraRecord[];
  readonly lines: () => InfraRecord[];
  readonly events: () => InfraRecord[];
}

function flowInto(file: string, logs: string): object[] {
  const all = { include: '', exclude: '', images: '', labels: '', project: '', composeDir: '' };
  return [
    { id: 'f', type: 'tab' },
    { id: 'e', type: 'docker-engine', host: `cri://${join(logs, 'pods')}`, tls: '' },
    { id: 'l', z: 'f', type: 'docker-logs-in', engine: 'e', ...all, from: 'start', wires: [['j']] },
    { id: 'v', z: 'f', type: 'docker-events-in', engine: 'e', ...all, types: '', actions: '', wires: [['j']] },
    { id: 'j', z: 'f', type: 'json', property: 'payload', action: 'str', wires: [['w']] },
    { id: 'w', z: 'f', type: 'file', filename: file, filenameType: 'str', appendNewline: true, overwriteFile: 'false' },
  ];
}

async function watch(t: TestContext, logs: string): Promise<Watched> {
  const userDir = temporaryFolder();
  const file = join(userDir, 'records');
  appendFileSync(file, '');
  const red = await startNodeRed(t, { userDir, flow: flowInto(file, logs) });
  const records = (): InfraRecord[] => {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as InfraRecord);
  };
  const of = (type: string) => (): InfraRecord[] => records().filter(({ log_type }) => log_type === type);
  return { userDir, red, records, lines: of('docker_log'), events: of('docker_event') };
}

const textOf = ({ message, full_message }: InfraRecord): unknown => full_message ?? message;

test(
  'each line of a pod comes once, whatever its length, its stream, its terminal, and through rotation',
  present,
  async (t) => {
    const runtime = await Containerd.start(t);
    const { lines, events } = await watch(t, runtime.logs);
    const pod = await runtime.pod('web-0');
    const number = 2000;
    const writer = await pod.start(
      'app',
      `i=0; while [ $i -lt ${number} ]; do echo "out $i"; echo "err $i" >&2; i=$((i+1)); [ $((i % 100)) = 0 ] && sleep 0.2; done; sleep 1000`,
    );
    const terminal = await pod.start('term', 'echo in a terminal; sleep 1000', { tty: true });
    const long = await pod.start(
      'long',
      'for n in 16000 16384 100000 1000000; do head -c $n /dev/zero | tr "\\0" x; echo; done; printf unended; sleep 1; exit 1',
    );
    const stopRotating = writeEvery(1000, () => void writer.rotate());
    t.after(stopRotating);
    await until(
      () => lines().length >= 2 * number + 1 + 4,
      60_000,
      () => `${lines().length} lines`,
    );
    stopRotating();
    const of = (name: string, stream = 'stdout'): unknown[] =>
      lines()
        .filter((line) => line.container_name === name && line.stream === stream)
        .map(textOf);
    const expected = (word: string): string[] => Array.from({ length: number }, (_, at) => `${word} ${at}`);
    assert.deepEqual(of('app'), expected('out'));
    assert.deepEqual(of('app', 'stderr'), expected('err'));
    assert.deepEqual(of('term'), ['in a terminal']);
    assert.deepEqual(
      of('long').map((text) => String(text).length),
      [16_000, 16_384, 100_000, 262_144 + ' … (truncated)'.length],
    );
    const first = lines().find((line) => line.container_name === 'app');
    assert.deepEqual(
      [first?.container_id, first?.pod_name, first?.pod_namespace, first?.pod_uid, first?.restart_count],
      [writer.id, 'web-0', 'shop', pod.uid, 0],
    );

    await long.restart('echo second run; sleep 1000');
    await until(() => of('long').includes('second run') && of('long').includes('unended'));
    const started = (): unknown[] =>
      events()
        .filter(({ event_action }) => event_action === 'start')
        .map(({ container_name, restart_count }) => `${container_name} ${restart_count}`);
    assert.deepEqual(started().toSorted(), ['app 0', 'long 0', 'long 1', 'term 0']);
    assert.equal(terminal.id.length, 64);
    await pod.remove();
    await until(() =>
      events().some(({ event_action, pod_name }) => event_action === 'destroy' && pod_name === 'web-0'),
    );
  },
);

test(
  'a pod that is removed while it writes is read to its end, and Node-RED that is killed loses nothing',
  present,
  async (t) => {
    const runtime = await Containerd.start(t);
    const first = await watch(t, runtime.logs);
    const number = 3000;
    const script = `i=0; while [ $i -lt ${number} ]; do echo "line $i"; i=$((i+1)); [ $((i % 50)) = 0 ] && sleep 0.1; done; sleep 1000`;
    const pods = await Promise.all(['a', 'b', 'c'].map((name) => runtime.pod(name)));
    for (const pod of pods) await pod.start('app', script);
    await until(() => first.lines().length > 500);
    await first.red.kill();
    await startNodeRed(t, { userDir: first.userDir });
    const numbersOf = (name: string): Set<unknown> =>
      new Set(
        first
          .lines()
          .filter((line) => line.pod_name === name)
          .map(({ message }) => message),
      );
    await until(
      () => numbersOf('a').size === number,
      60_000,
      () => `${numbersOf('a').size} of ${number}`,
    );
    await pods[0]?.remove();
    await until(() => numbersOf('b').size === number && numbersOf('c').size === number, 60_000);
    const ids = new Set(first.lines().map(({ event_id }) => event_id));
    assert.equal(ids.size, 3 * number);
    t.diagnostic(`${first.lines().length - ids.size} of ${ids.size} lines came again`);
  },
);
