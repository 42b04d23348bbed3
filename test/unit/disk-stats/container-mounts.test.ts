import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContainerSummary } from '../../../lib/docker/api.ts';
import { ContainerMounts, idInPath, overlaysOf } from '../../../nodes/disk-stats/container-mounts.ts';

const ID = 'ab'.repeat(32);
const listed = (id: string, name = 'web', sizes: Partial<ContainerSummary> = {}): ContainerSummary => ({
  Id: id,
  Names: name === '' ? [] : [`/${name}`, '/other/alias'],
  Image: '',
  Labels: {},
  State: 'running',
  ...sizes,
});
const mounted = (id: string, name = 'web') => ({ id, name, writtenBytes: undefined, totalBytes: undefined });

test('idInPath() finds the id in a mount of the image store of containerd', () => {
  const id = '0f'.repeat(32);
  assert.equal(idInPath(`/var/lib/docker/rootfs/overlayfs/${id}`), id);
  assert.equal(idInPath(`/var/lib/docker/overlay2/${id}/merged`), undefined);
});

test('overlaysOf() gives the mount points of overlays', () => {
  const mount = { device: 'd', deviceId: '0:1', root: '/' };
  const mounts = [
    { ...mount, mount: '/', fsType: 'ext4' },
    { ...mount, mount: '/d/merged', fsType: 'overlay' },
  ];
  assert.deepEqual(overlaysOf(mounts), ['/d/merged']);
});

test('a container is found by the mount that the engine named or that has its id, with its sizes', () => {
  const mounts = new ContainerMounts();
  const running = [listed('a'), listed(ID, 'db'), listed('unmounted')];
  const path = `/var/lib/docker/rootfs/overlayfs/${ID}`;
  mounts.update(running, [path, '/d/merged']);
  assert.deepEqual(
    mounts.unknownOf(running).map(({ Id }) => Id),
    ['a', 'unmounted'],
  );
  mounts.set('a', '/d/merged');
  const sizes = new Map([[ID, listed(ID, 'db', { SizeRw: 1, SizeRootFs: 2 })]]);
  assert.deepEqual(
    [...mounts.byMount(running, sizes)],
    [
      ['/d/merged', mounted('a')],
      [path, { id: ID, name: 'db', writtenBytes: 1, totalBytes: 2 }],
    ],
  );
});

test('the mount of a container that ended is forgotten', () => {
  const mounts = new ContainerMounts();
  mounts.set('a', '/d/merged');
  mounts.update([], []);
  assert.deepEqual(mounts.unknownOf([listed('a')]).length, 1);
});

test('a container without a name has the beginning of its id', () => {
  const mounts = new ContainerMounts();
  mounts.set(ID, '/d/merged');
  assert.equal(mounts.byMount([listed(ID, '')], new Map()).get('/d/merged')?.name, ID.slice(0, 12));
});
