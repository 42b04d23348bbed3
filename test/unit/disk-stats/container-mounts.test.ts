import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ContainerMounts,
  idInPath,
  type ListedContainer,
  overlaysOf,
  parseContainers,
  parseMergedDir,
} from '../../../nodes/disk-stats/container-mounts.ts';

const ID = 'ab'.repeat(32);
const listed = (id: string, name = 'web'): ListedContainer => ({
  id,
  name,
  writtenBytes: undefined,
  totalBytes: undefined,
});

test('idInPath() finds the id in a mount of the image store of containerd', () => {
  const id = '0f'.repeat(32);
  assert.equal(idInPath(`/var/lib/docker/rootfs/overlayfs/${id}`), id);
  assert.equal(idInPath(`/var/lib/docker/overlay2/${id}/merged`), undefined);
});

test('parseContainers() reads ids, names and sizes, and leaves out what is no container', () => {
  const answer = [
    { Id: ID, Names: ['/web', '/other/alias'], SizeRw: 12, SizeRootFs: 1200 },
    { Id: ID, Names: null },
    { Names: ['/nameless'] },
    null,
    'text',
  ];
  assert.deepEqual(parseContainers(answer), [
    { id: ID, name: 'web', writtenBytes: 12, totalBytes: 1200 },
    listed(ID, ID.slice(0, 12)),
  ]);
  for (const wrong of [undefined, null, {}, 'text']) assert.deepEqual(parseContainers(wrong), []);
});

test('parseMergedDir() reads the mount point of an overlay, and nothing of another driver', () => {
  assert.equal(parseMergedDir({ GraphDriver: { Data: { MergedDir: '/d/merged' } } }), '/d/merged');
  for (const wrong of [undefined, null, {}, { GraphDriver: null }, { GraphDriver: { Data: null } }])
    assert.equal(parseMergedDir(wrong), undefined);
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
    mounts.unknownOf(running).map(({ id }) => id),
    ['a', 'unmounted'],
  );
  mounts.set('a', '/d/merged');
  const sizes = new Map([[ID, { ...listed(ID), writtenBytes: 1, totalBytes: 2 }]]);
  assert.deepEqual(
    [...mounts.byMount(running, sizes)],
    [
      ['/d/merged', listed('a')],
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
