import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownContainer } from '../../../../lib/docker/own-container.ts';

test('`ownContainer()` knows the container by its own files or its control group, and none on a host', () => {
  const id = 'a1'.repeat(32);
  const other = 'b2'.repeat(32);
  const mount = (root: string, point: string): string => `36 35 98:0 ${root} ${point} rw,noatime - ext4 /dev/vda rw`;
  const own = [mount('/', '/'), mount(`/var/lib/docker/containers/${id}/hostname`, '/etc/hostname')].join('\n');
  assert.equal(ownContainer(own, '0::/'), id);
  assert.equal(ownContainer('', `12:pids:/docker/${id}\n`), id);
  assert.equal(ownContainer('', `0::/system.slice/docker-${id}.scope\n`), id);
  const host = mount('/', `/var/lib/docker/containers/${other}/mounts/shm`);
  assert.equal(ownContainer(host, '0::/system.slice/node-red.service'), undefined);
});
