import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { containerFilter } from '../../../../lib/docker/filter.ts';
import { ComposeFolders, remoteMounts } from '../../../../lib/io/compose-folders.ts';
import { temporaryFolder } from '../../../support/folder.ts';

/** A host's `/`, with a folder that links lead to. */
function hostRoot(): string {
  const root = temporaryFolder();
  mkdirSync(join(root, 'var/home/ann/shop'), { recursive: true });
  symlinkSync('/var/home', join(root, 'home'));
  mkdirSync(join(root, 'srv'));
  symlinkSync('../home/ann/shop', join(root, 'srv/shop'));
  symlinkSync('loop', join(root, 'loop'));
  return root;
}

test('links of the host are followed below its root', () => {
  const folders = new ComposeFolders(hostRoot());
  const real = '/var/home/ann/shop';
  for (const folder of ['/srv/shop', '/home/ann/shop', real, '/srv/./shop/', '/srv/../srv/shop'])
    assert.equal(folders.real(folder), real, folder);
  for (const folder of ['/loop', '/loop/x', 'C:\\shop', '/']) assert.equal(folders.real(folder), folder);
  assert.equal(folders.real('/not/there'), '/not/there');
});

test('a container is of a folder by whichever path it was started in', () => {
  const lookup = new ComposeFolders(hostRoot());
  const paths = ['/srv/shop', '/home/ann/shop', '/var/home/ann/shop'];
  for (const composeDir of paths) {
    for (const folder of paths) {
      const filter = containerFilter({ composeDir }, lookup);
      const labels = { 'com.docker.compose.project.working_dir': folder, 'com.docker.compose.project': 'shop' };
      assert.ok(filter.accepts({ id: '1', name: 'web', image: 'i', labels }), `${composeDir} ${folder}`);
      assert.equal(filter.emptyFolder(), undefined);
    }
  }
  const other = containerFilter({ composeDir: '/srv/shop' }, lookup);
  const labels = { 'com.docker.compose.project.working_dir': '/var/home/bob/shop' };
  assert.ok(!other.accepts({ id: '1', name: 'web', image: 'i', labels }));
  assert.equal(other.emptyFolder(), '/srv/shop');
});

test('the compose file in a folder names its project', () => {
  const root = hostRoot();
  const write = (name: string, text: string): ComposeFolders => {
    writeFileSync(join(root, 'var/home/ann/shop', name), text);
    return new ComposeFolders(root);
  };
  assert.equal(new ComposeFolders(root).projectIn('/srv/shop'), undefined);
  assert.equal(write('docker-compose.yml', 'services:\n  name: no\n').projectIn('/srv/shop'), undefined);
  assert.equal(
    write('docker-compose.yml', '# x\nname: "staging" # y\nservices: {}\n').projectIn('/srv/shop'),
    'staging',
  );
  assert.equal(write('compose.yaml', 'name: newer\n').projectIn('/srv/shop'), 'newer');
  assert.equal(write('.env', 'A=1\nCOMPOSE_PROJECT_NAME=variable\n').projectIn('/srv/shop'), 'variable');
});

test('a pipe in the place of a compose file is not waited for', () => {
  const root = hostRoot();
  execFileSync('mkfifo', [join(root, 'var/home/ann/shop/compose.yaml')]);
  assert.equal(new ComposeFolders(root).projectIn('/srv/shop'), undefined);
});

test('`remoteMounts()` names the mounts whose server may be gone', () => {
  const mountinfo = [
    '36 35 0:32 / /mnt/data rw,relatime shared:1 - ext4 /dev/sda1 rw',
    '37 35 0:33 / /mnt/with\\040space rw - nfs4 192.0.2.1:/export rw',
    '38 35 0:34 / /mnt/fuse rw shared:2 - fuse.sshfs host: rw',
  ].join('\n');
  assert.deepEqual(remoteMounts(mountinfo), ['/mnt/with space', '/mnt/fuse']);
  assert.deepEqual(remoteMounts(''), []);
});
