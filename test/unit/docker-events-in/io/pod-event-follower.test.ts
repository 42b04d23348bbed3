import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { PodLogs } from '../../../../lib/io/pods/pod-logs.ts';
import { StateFile } from '../../../../lib/io/state-file.ts';
import { PodEventFollower } from '../../../../nodes/docker-events-in/io/pod-event-follower.ts';
import { podEventMessage } from '../../../../nodes/docker-events-in/pod-event.ts';
import { parsePodEventState } from '../../../../nodes/docker-events-in/pod-state.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { PodWriter } from '../../../support/pod-writer.ts';
import { until } from '../../../support/until.ts';

interface Following {
  readonly told: string[];
  readonly faults: unknown[];
  stop(): Promise<void>;
  ready(): Promise<void>;
}

function follow(t: TestContext, root: string, userDir: string): Following {
  const pods = new PodLogs(join(root, 'pods'));
  const told: string[] = [];
  const faults: unknown[] = [];
  let isReady = false;
  const follower = new PodEventFollower({
    pods,
    state: new StateFile(userDir, 'pods', parsePodEventState),
    tell: (event, time) => told.push(String(podEventMessage(event, time, 'h').payload.message)),
    connected: () => {
      isReady = true;
    },
    lost: (error) => faults.push(error),
    unsaved: (error) => faults.push(error),
    spoilt: (error) => faults.push(error),
  });
  const stop = async (): Promise<void> => {
    await follower.stop();
    pods.close();
  };
  t.after(stop);
  return { told, faults, stop, ready: () => until(() => isReady) };
}

test('a container that starts is told with its restarts, and a pod that is gone; what was there before is not', async (t) => {
  const root = temporaryFolder();
  new PodWriter(root, { pod: 'old', uid: 'old' }).line('x');
  const { told, ready } = follow(t, root, temporaryFolder());
  await ready();
  const writer = new PodWriter(root);
  writer.line('x');
  await until(() => told.length === 1);
  writer.restart();
  await until(() => told.length === 2);
  writer.removePod();
  await until(() => told.length === 3);
  assert.deepEqual(told, [
    'container shop/web-0/app started',
    'container shop/web-0/app started again (restart 1)',
    'pod shop/web-0 is gone',
  ]);
});

test('what happened while nobody looked is told once at the next start', async (t) => {
  const root = temporaryFolder();
  const userDir = temporaryFolder();
  mkdirSync(join(root, 'pods'));
  const first = follow(t, root, userDir);
  await first.ready();
  const gone = new PodWriter(root, { pod: 'gone', uid: 'gone' });
  gone.line('x');
  await until(() => first.told.length === 1);
  await first.stop();
  gone.removePod();
  new PodWriter(root, { pod: 'new', uid: 'new' }).line('x');
  const second = follow(t, root, userDir);
  await until(() => second.told.length === 2);
  assert.deepEqual(second.told.toSorted(), [
    'container shop/new/app started (found after a gap)',
    'pod shop/gone is gone (found after a gap)',
  ]);
});

test('a folder that is not there is said, and read once it is', async (t) => {
  const root = temporaryFolder();
  const { told, faults, ready } = follow(t, root, temporaryFolder());
  await until(() => faults.length > 0);
  new PodWriter(root).line('x');
  await ready();
  new PodWriter(root, { pod: 'later', uid: 'later' }).line('x');
  await until(() => told.includes('container shop/later/app started'));
});
