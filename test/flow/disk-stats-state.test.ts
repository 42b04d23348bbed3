import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { NodeMessageInFlow } from 'node-red';
import type { InfraRecord } from '../../lib/record.ts';
import register from '../../nodes/disk-stats/disk-stats.ts';
import { runFlow } from '../support/flow.ts';
import { temporaryFolder } from '../support/folder.ts';
import { real } from '../support/real.ts';

const linux = real('Linux', process.platform === 'linux');

/** A folder that plays the host's root; `mount` writes its table of mounts. */
function fakeHost() {
  const hostRoot = temporaryFolder();
  mkdirSync(join(hostRoot, 'proc/1'), { recursive: true });
  mkdirSync(join(hostRoot, 'data'));
  const mount = (...lines: string[]): void =>
    writeFileSync(join(hostRoot, 'proc/1/mountinfo'), `${lines.join('\n')}\n`);
  return { hostRoot, mount };
}

const ROOT = '22 1 254:1 / / rw - ext4 /dev/vda1 rw';
const DATA = '36 22 8:17 / /data rw - ext4 /dev/sdb1 rw';

/** A flow that measures when `measure` is called, which gives the state of each mount, and the one before it. */
async function watchDisks(t: TestContext, hostRoot: string, userDir: string, node: object = {}) {
  const flow = await runFlow(
    t,
    [register],
    [
      { id: 'f', type: 'tab', env: [{ name: 'HOST_ROOT', type: 'str', value: hostRoot }] },
      { id: 'd', z: 'f', type: 'disk-stats', interval: '0', warning: '', critical: '', wires: [['out']], ...node },
      { id: 'out', z: 'f', type: 'helper' },
      { id: 'c', z: 'f', type: 'complete', scope: ['d'], wires: [['done']] },
      { id: 'done', z: 'f', type: 'helper' },
    ],
    { userDir },
  );
  const heard: NodeMessageInFlow[] = [];
  flow.node('out').on('input', (msg) => heard.push(msg));
  const measure = async (): Promise<{ [mount: string]: string }> => {
    heard.length = 0;
    const done = flow.next('done');
    flow.node('d').receive({ payload: '', disk_state_before: 'of another node' } as never);
    await done;
    return Object.fromEntries(
      heard.map((msg) => {
        const { disk_mount, disk_state } = msg.payload as InfraRecord;
        const { disk_state_before: before } = msg as { disk_state_before?: string };
        return [String(disk_mount), before === undefined ? String(disk_state) : `${before} -> ${disk_state}`];
      }),
    );
  };
  return { measure, stop: () => flow.stop(), flow };
}

test('a filesystem that ought to be there is missing until it is mounted, over a restart too', linux, async (t) => {
  const { hostRoot, mount } = fakeHost();
  const userDir = temporaryFolder();
  const include = { include: '/, /data' };
  mount(ROOT);
  const first = await watchDisks(t, hostRoot, userDir, include);
  assert.deepEqual(await first.measure(), { '/': 'ok', '/data': 'ok -> missing' });
  assert.deepEqual(await first.measure(), { '/': 'ok', '/data': 'missing' });
  await first.stop();
  const second = await watchDisks(t, hostRoot, userDir, include);
  assert.deepEqual(await second.measure(), { '/': 'ok', '/data': 'missing' });
  mount(ROOT, DATA);
  assert.deepEqual(await second.measure(), { '/': 'ok', '/data': 'missing -> ok' });
  mount(ROOT);
  assert.deepEqual(await second.measure(), { '/': 'ok', '/data': 'ok -> missing' });
});

test(
  'what went away while Node-RED was down is missing, and what is not asked for any more is told once',
  linux,
  async (t) => {
    const { hostRoot, mount } = fakeHost();
    const userDir = temporaryFolder();
    mount(ROOT, DATA);
    const first = await watchDisks(t, hostRoot, userDir);
    assert.deepEqual(await first.measure(), { '/': 'ok', '/data': 'ok' });
    await first.stop();
    mount(ROOT);
    const second = await watchDisks(t, hostRoot, userDir);
    assert.deepEqual(await second.measure(), { '/': 'ok', '/data': 'ok -> missing' });
    await second.stop();
    const third = await watchDisks(t, hostRoot, userDir, { exclude: '/data' });
    assert.deepEqual(await third.measure(), { '/': 'ok', '/data': 'missing -> ok' });
    assert.deepEqual(await third.measure(), { '/': 'ok' });
  },
);

test(
  'the state is kept over a restart: a full disk is told as a change once, and its end is not lost',
  linux,
  async (t) => {
    const { hostRoot, mount } = fakeHost();
    const userDir = temporaryFolder();
    mount(ROOT);
    const full = { critical: '0' };
    const first = await watchDisks(t, hostRoot, userDir, full);
    assert.deepEqual(await first.measure(), { '/': 'ok -> critical' });
    await first.stop();
    const second = await watchDisks(t, hostRoot, userDir, full);
    assert.deepEqual(await second.measure(), { '/': 'critical' });
    await second.stop();
    const third = await watchDisks(t, hostRoot, userDir);
    assert.deepEqual(await third.measure(), { '/': 'critical -> ok' });
  },
);

test('the state of a node that is deleted goes with it', linux, async (t) => {
  const { hostRoot, mount } = fakeHost();
  const userDir = temporaryFolder();
  mount(ROOT);
  const { measure, flow, stop } = await watchDisks(t, hostRoot, userDir, { critical: '0' });
  await measure();
  await flow.redeploy([{ id: 'f', type: 'tab' }]);
  await stop();
  const again = await watchDisks(t, hostRoot, userDir, { critical: '0' });
  assert.deepEqual(await again.measure(), { '/': 'ok -> critical' });
});
