import assert from 'node:assert/strict';
import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { PodLogs } from '../../../../lib/io/pods/pod-logs.ts';
import { StateFile } from '../../../../lib/io/state-file.ts';
import type { InfraRecord } from '../../../../lib/record.ts';
import { PodLogFollower, type PodLogFollowerOptions } from '../../../../nodes/docker-logs-in/io/pod-log-follower.ts';
import { parseLogState } from '../../../../nodes/docker-logs-in/log-state.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { PodWriter } from '../../../support/pod-writer.ts';
import { PATIENCE_MS, until } from '../../../support/until.ts';

const ID = 'c'.repeat(64);

interface Following {
  readonly follower: PodLogFollower;
  readonly records: InfraRecord[];
  readonly texts: () => unknown[];
  readonly notices: string[];
  /** Resolves when the folder was read. */
  ready(): Promise<void>;
}

function follow(
  t: TestContext,
  root: string,
  more: Partial<PodLogFollowerOptions> = {},
  userDir = temporaryFolder(),
): Following {
  mkdirSync(join(root, 'pods'), { recursive: true });
  mkdirSync(join(root, 'containers'), { recursive: true });
  const pods = new PodLogs(join(root, 'pods'));
  const records: InfraRecord[] = [];
  const notices: string[] = [];
  let isReady = false;
  const follower = new PodLogFollower({
    pods,
    state: new StateFile(userDir, 'logs', parseLogState),
    delayMs: () => 0,
    host: 'node-1',
    fromStart: false,
    multilineStart: undefined,
    multilineMs: 500,
    json: false,
    filter: () => () => true,
    handOn: async (messages) => {
      records.push(...messages.map(({ payload }) => payload));
    },
    notice: (kind, container, cause) => notices.push(`${kind} ${container.name} ${cause}`),
    following: () => {
      isReady = true;
    },
    lost: (error) => notices.push(`lost ${error}`),
    unsaved: (error) => notices.push(`unsaved ${error}`),
    ...more,
  });
  t.after(async () => {
    await follower.stop();
    pods.close();
  });
  const texts = (): unknown[] => records.map(({ message }) => message);
  return { follower, records, texts, notices, ready: () => until(() => isReady) };
}

test('lines of a pod become records with its names, from when the node was first deployed', async (t) => {
  const root = temporaryFolder();
  const old = new PodWriter(root, { pod: 'old-0', uid: 'a1' });
  old.line('before');
  const { records, texts, notices, ready } = follow(t, root);
  await ready();
  const writer = new PodWriter(root);
  writer.link(ID);
  writer.line('hello');
  writer.line('oh', 'stderr');
  old.line('after');
  await until(
    () => records.length === 3,
    PATIENCE_MS,
    () => JSON.stringify([texts(), notices]),
  );
  const [hello] = records.filter(({ message }) => message === 'hello');
  assert.deepEqual(
    { ...hello, time: '', event_id: '' },
    {
      message: 'hello',
      log_type: 'docker_log',
      time: '',
      host: 'node-1',
      level: 6,
      event_id: '',
      container_id: ID,
      container_name: 'app',
      tag: ID.slice(0, 12),
      pod_name: 'web-0',
      pod_namespace: 'shop',
      pod_uid: '0f6e',
      restart_count: 0,
      stream: 'stdout',
    },
  );
  assert.equal(records.find(({ message }) => message === 'oh')?.level, 3);
  assert.ok(!texts().includes('before'));
  assert.deepEqual(notices, []);
});

test('parts of long lines are joined per stream, also within a character and between the lines of the other stream', async (t) => {
  const root = temporaryFolder();
  const { texts, ready } = follow(t, root);
  await ready();
  const writer = new PodWriter(root);
  const long = 'ä'.repeat(20_000);
  const half = Buffer.from(long).subarray(0, 16_385);
  writer.line(half, 'stdout', 'P');
  writer.line('between', 'stderr');
  writer.line(Buffer.from(long).subarray(16_385), 'stdout', 'F');
  writer.longLine('x'.repeat(100_000), 16_384);
  writer.longLine('y'.repeat(1_000_000), 16_384);
  await until(() => texts().length === 4);
  assert.deepEqual(texts().slice(0, 3), ['between', long, 'x'.repeat(100_000)]);
  assert.equal(texts()[3], `${'y'.repeat(262_144)} … (truncated)`);
});

test('every line comes once through rotations, restarts and the removal of the pod', async (t) => {
  const root = temporaryFolder();
  const { texts, notices, ready } = follow(t, root);
  await ready();
  const writers = [0, 1, 2].map((number) => new PodWriter(root, { pod: `web-${number}`, uid: `u${number}` }));
  const expected: string[] = [];
  for (let number = 0; number < 3000; number += 1) {
    for (const [at, writer] of writers.entries()) {
      const text = `${at} line ${number}`;
      writer.line(text);
      expected.push(text);
      if (number % 300 === 299) writer.rotate();
      if (number % 1000 === 999) writer.restart();
    }
    // A kubelet looks at the size of logs every ten seconds: what was before is read by then.
    if (number % 300 === 0) await until(() => texts().length === expected.length);
  }
  await until(() => texts().length === expected.length);
  for (const writer of writers) {
    writer.line('first of the last run');
    expected.push('first of the last run');
  }
  await until(() => texts().length === expected.length);
  for (const writer of writers) {
    writer.line('last');
    expected.push('last');
    writer.removePod();
  }
  await until(
    () => texts().length >= expected.length,
    PATIENCE_MS,
    () => `${texts().length} of ${expected.length} ${notices}`,
  );
  assert.deepEqual(texts().toSorted(), expected.toSorted());
});

test('after a stop reading goes on where it ended: nothing is missing, nothing comes twice', async (t) => {
  const root = temporaryFolder();
  const userDir = temporaryFolder();
  const first = follow(t, root, {}, userDir);
  await first.ready();
  const writer = new PodWriter(root);
  writer.line('one');
  writer.line('begun', 'stdout', 'P');
  writer.line('two', 'stderr');
  await until(() => first.records.length === 2);
  await first.follower.stop();
  writer.line(' and ended');
  writer.rotate();
  writer.line('three');
  const later = new PodWriter(root, { pod: 'later', uid: 'later' });
  later.line('four');
  later.rotate();
  later.line('five');
  const second = follow(t, root, {}, userDir);
  await until(
    () => second.records.length >= 4,
    PATIENCE_MS,
    () => JSON.stringify(second.texts()),
  );
  assert.deepEqual(second.texts().toSorted(), ['begun and ended', 'five', 'four', 'three']);
  const ids = [...first.records, ...second.records].map(({ event_id }) => event_id);
  assert.equal(new Set(ids).size, 6);
});

test('what is no line of the runtime is said once and holds nothing up', async (t) => {
  const root = temporaryFolder();
  const { texts, notices, ready } = follow(t, root);
  await ready();
  const writer = new PodWriter(root);
  writer.line('good');
  writer.line('x\n{"log":"json-file"}\nno time stdout F text');
  writer.line('better');
  await until(() => texts().length === 3);
  assert.deepEqual(texts(), ['good', 'x', 'better']);
  assert.equal(notices.length, 1);
  assert.match(String(notices[0]), /^unreadable app /);
});

test('a folder on another mount, over a link, is read like any other', async (t) => {
  const root = temporaryFolder();
  const elsewhere = temporaryFolder();
  const { texts, ready } = follow(t, root);
  await ready();
  const writer = new PodWriter(elsewhere, { uid: 'linked' });
  writer.line('first');
  const folder = 'shop_web-0_linked';
  symlinkSync(join(elsewhere, 'pods', folder), join(root, 'pods', folder));
  await until(() => texts().length === 1);
  writer.line('second');
  await until(() => texts().length === 2);
  renameSync(join(root, 'pods', folder), join(root, 'gone'));
  assert.deepEqual(texts(), ['first', 'second']);
});
