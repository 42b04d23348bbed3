// Risk: what Podman calls otherwise is told twice, or not at all.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listContainers } from '../../../lib/docker/containers.ts';
import { StateFile } from '../../../lib/io/state-file.ts';
import { eventMessage } from '../../../nodes/docker-events-in/event.ts';
import { type EventState, parseEventState } from '../../../nodes/docker-events-in/event-state.ts';
import { EventFollower } from '../../../nodes/docker-events-in/io/event-follower.ts';
import { clientFor } from '../../support/fake-engine.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { missingForPodman, PODMAN_IMAGE, startPodman } from '../../support/podman.ts';
import { real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const missing = missingForPodman();
const present = { ...real(`Podman: ${missing}`, missing === undefined), timeout: 120_000 };
const DETACHED = ['run', '-d', '--network', 'none'];

test('Podman’s removal is a destroy, once, also over a restart; its health is told at changes', present, async (t) => {
  const { host, podman } = await startPodman(t);
  const client = clientFor(t, host, 10_000);
  const state = new StateFile<EventState>(temporaryFolder(), 'events', parseEventState);
  const told: string[] = [];
  const faults: unknown[] = [];
  let connections = 0;
  const start = (): EventFollower =>
    new EventFollower({
      client,
      state,
      delayMs: () => 0,
      counts: () => true,
      isChosen: ({ Type }) => Type === 'container',
      heard: (events) => {
        for (const event of events) {
          const { payload } = eventMessage(event, 'h');
          const { event_action: action, container_name: name, exit_code: code, health_status: health, level } = payload;
          told.push([action, name, ...[code, health].filter((value) => value !== undefined), level].join(' '));
        }
      },
      connected: () => {
        connections += 1;
      },
      lost: (error) => faults.push(error),
      unsaved: (error) => faults.push(error),
    });
  const first = start();
  await until(() => connections === 1, 30_000);
  const healthy = ['--health-cmd', 'test ! -e /tmp/ill', '--health-retries', '1', '--health-interval', 'disable'];
  await podman(...DETACHED, '--name', 'web', ...healthy, PODMAN_IMAGE, 'sh', '-c', 'sleep 1000');
  const check = (): Promise<string> => podman('healthcheck', 'run', 'web').catch(() => '');
  for (const _ of [1, 2, 3]) await check();
  await podman('exec', 'web', 'sh', '-c', 'echo > /tmp/ill');
  for (const _ of [1, 2]) await check();
  await podman('run', '--network', 'none', '--name', 'job', PODMAN_IMAGE, 'sh', '-c', 'exit 3').catch(() => '');
  await podman('rm', 'job');
  await podman('rm', '-f', '-t', '0', 'web');
  await until(() => told.includes('destroy web 5'));
  await first.stop();

  assert.deepEqual(await listContainers(client), []);
  const second = start();
  await until(() => connections === 2, 30_000);
  await second.stop();
  assert.deepEqual(faults, []);
  const of = (pattern: RegExp): string[] => told.filter((line) => pattern.test(line));
  assert.deepEqual(of(/destroy/), ['destroy job 5', 'destroy web 5']);
  assert.deepEqual(of(/health_status web (?!starting)/), [
    'health_status web healthy 6',
    'health_status web unhealthy 4',
  ]);
  assert.ok(told.includes('die job 3 3'), told.join());
});
