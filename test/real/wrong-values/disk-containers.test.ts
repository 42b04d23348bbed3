// Risk: a container's disk under another name or size than Docker says.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InfraRecord } from '../../../lib/record.ts';
import diskStats from '../../../nodes/disk-stats/disk-stats.ts';
import dockerEngine from '../../../nodes/docker-engine/docker-engine.ts';
import { IMAGE, missingForDocker, startEngine } from '../../support/docker.ts';
import { runFlow } from '../../support/flow.ts';
import { real } from '../../support/real.ts';

const missing = missingForDocker();
const options = { ...real(`Docker Engine to test with: ${missing}`, missing === undefined), timeout: 120_000 };

test('the overlay mount of a container carries its name, its id and what it takes', options, async (t) => {
  const engine = await startEngine(t);
  const driver = (await engine.docker('info', '--format', '{{.Driver}}')).trim();
  if (!driver.startsWith('overlay')) {
    t.skip(`this engine stores containers with ${driver}, which mounts nothing`);
    return;
  }
  const write = 'dd if=/dev/zero of=/tmp/file bs=1024 count=512; echo written; sleep 1000';
  const started = await engine.docker('run', '-d', '--network', 'none', '--name', 'db-1', IMAGE, 'sh', '-c', write);
  const id = started.trim();
  const deadline = performance.now() + 10_000;
  while (!(await engine.docker('logs', id)).includes('written')) assert.ok(performance.now() < deadline);
  const flow = await runFlow(
    t,
    [dockerEngine, diskStats],
    [
      { id: 'f', type: 'tab' },
      { id: 'e', type: 'docker-engine', host: engine.host },
      {
        id: 'd',
        z: 'f',
        type: 'disk-stats',
        interval: '0',
        include: 'overlay',
        engine: 'e',
        sizes: true,
        wires: [['out']],
      },
      { id: 'out', z: 'f', type: 'helper' },
    ],
  );
  const named = new Promise<InfraRecord>((resolve) => {
    flow.node('out').on('input', ({ payload }) => {
      if ((payload as InfraRecord).container_id === id) resolve(payload as InfraRecord);
    });
  });
  flow.node('d').receive({} as never);
  const record = await named;
  assert.equal(record.container_name, 'db-1');
  assert.equal(record.disk_fs_type, 'overlay');
  assert.ok(Number(record.container_written_bytes) >= 512 * 1024, String(record.container_written_bytes));
  assert.ok(Number(record.container_rootfs_bytes) > Number(record.container_written_bytes));
});
