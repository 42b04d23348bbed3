// Risk: disks are measured while the Docker Engine that knows their containers is away.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InfraRecord } from '../../../lib/record.ts';
import diskStats from '../../../nodes/disk-stats/disk-stats.ts';
import dockerEngine from '../../../nodes/docker-engine/docker-engine.ts';
import { runFlow } from '../../support/flow.ts';

test('an engine that is not there costs the names and nothing else', async (t) => {
  const flow = await runFlow(
    t,
    [dockerEngine, diskStats],
    [
      { id: 'f', type: 'tab' },
      { id: 'e', type: 'docker-engine', host: 'unix:///nowhere/docker.sock' },
      { id: 'd', z: 'f', type: 'disk-stats', interval: '0', include: '/', engine: 'e', wires: [['out']] },
      { id: 'out', z: 'f', type: 'helper' },
    ],
  );
  const out = flow.next('out');
  flow.node('d').receive({} as never);
  assert.equal(((await out).payload as InfraRecord).disk_mount, '/');
});
