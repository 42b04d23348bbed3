// Risk: on a host of theirs it does not start, sees nothing, hangs unnoticed, or cannot be removed.

import assert from 'node:assert/strict';
import { chmodSync, cpSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { unpackedBundle } from '../../support/bundle.ts';
import { DEBIAN_12_SYSTEMD, DEBIAN_13, debianMissing, debianRoot } from '../../support/debian.ts';
import { IMAGE, missingForDocker, startEngine } from '../../support/docker.ts';
import { earlierVersion } from '../../support/earlier-version.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { packageRoot } from '../../support/node-red.ts';
import { real } from '../../support/real.ts';
import { SystemdBox, systemdBoxMissing } from '../../support/systemd-box.ts';
import { until } from '../../support/until.ts';

const missing = systemdBoxMissing() ?? debianMissing(DEBIAN_12_SYSTEMD);
const UNIT = 'infra-monitoring.service';
const STATE = '/var/lib/infra-monitoring';
const RECORDS = `${STATE}/infra-monitoring/collected.ndjson`;
/** Upgrades: a Debian 13 with an engine, an auth.log, and what version 0.1.0 left behind. */
const missing13 = systemdBoxMissing() ?? debianMissing(DEBIAN_13) ?? missingForDocker(true);

test('a service of systemd is installed without a network, watches its host, is upgraded, restarts after a stall and is removed', {
  ...real(`booted system: ${missing}`, missing === undefined),
  timeout: 800_000,
}, async (t) => {
  const made = await debianRoot(DEBIAN_12_SYSTEMD);
  if ('reason' in made) return t.skip(made.reason);
  const box = await SystemdBox.boot(t, made.root, await unpackedBundle(temporaryFolder()));
  const show = (property: string): Promise<string> => box.run('systemctl', 'show', '-P', property, UNIT);
  const records = async (...words: string[]): Promise<string> => (await box.try('grep', '-h', ...words, RECORDS)) ?? '';

  await t.test('installing starts it, as a user of its own with the groups that the host has', async () => {
    const said = await box.run('env', 'LOGGING_FIELDS=site="a", rack=\\\\1$x', 'sh', '/mnt/install.sh');
    assert.match(said, /^user infra-monitoring: made$[\s\S]*^groups: adm systemd-journal$[\s\S]*^running: /m);
    assert.equal(await show('ActiveState'), 'active');
    assert.equal(await show('User'), 'infra-monitoring');
    assert.equal(await show('StatusText'), 'The flows run');
    assert.equal(await box.run('stat', '-c', '%a %U', '/etc/infra-monitoring/environment'), '600 root');
    assert.equal(await box.run('stat', '-c', '%a %U', STATE), '700 infra-monitoring');
    const environment = await box.run('sh', '-c', `tr '\\0' '\\n' </proc/$(systemctl show -P MainPID ${UNIT})/environ`);
    assert.match(environment, /^LOGGING_FIELDS=site="a", rack=\\\\1\$x$/m);
  });

  await t.test('the unit has no fault, and leaves open what a monitor needs only', async () => {
    const file = `/etc/systemd/system/${UNIT}`;
    assert.equal(await box.run('systemd-analyze', 'verify', file), '');
    await box.run('systemd-analyze', 'security', '--offline=true', '--threshold=25', file);
  });

  await t.test('it reads the journal, and sees memory and mounts as the host does', async () => {
    await box.run('mount', '-t', 'tmpfs', '-o', 'size=7m', 'tmpfs', '/home');
    await until(async () => (await records('"_log_type":"uptime"')) !== '', 30_000);
    await box.run(
      'logger',
      '-p',
      'auth.info',
      '-t',
      'sshd[77]',
      'Accepted publickey for ann from 192.0.2.7 port 4711 ssh2',
    );
    await until(async () => /"_user_name":"ann"/.test(await records('ssh_login')), 30_000);
    // What a unit hides shows in its own view of the mounts: /home would have the size of another filesystem.
    const sizes = ['stat', '-f', '-c', '%b %S', '/home'];
    const seen = await box.run('nsenter', '-t', await show('MainPID'), '-m', ...sizes);
    assert.equal(seen, await box.run(...sizes));
    assert.match(await records('"_memory_total_bytes"'), /"_memory_total_bytes":[1-9]\d{6,}/);
  });

  await t.test('a stall ends in a restart by the watchdog', async () => {
    box.write(`/etc/systemd/system/${UNIT}.d/short.conf`, '[Service]\nWatchdogSec=9\nRestartSec=1\n');
    await box.run('systemctl', 'daemon-reload');
    await box.run('systemctl', 'restart', UNIT);
    const pid = await show('MainPID');
    await box.run('sh', '-c', `kill -STOP ${pid}`);
    await until(async () => ![pid, '0'].includes(await show('MainPID')), 60_000);
    await until(async () => (await show('ActiveState')) === 'active', 60_000);
    assert.match(await box.run('journalctl', '-u', UNIT, '-o', 'cat', '--no-pager'), /Watchdog timeout/);
  });

  await t.test(
    'installing again upgrades: data, settings and the one version before stay, new groups are taken',
    async () => {
      await box.run('groupadd', 'docker');
      const settings = await box.run('cat', '/etc/infra-monitoring/environment');
      const flows = await box.run('sha256sum', `${STATE}/flows.json`);
      for (let i = 0; i < 2; i += 1) {
        const pid = await show('MainPID');
        await box.run('sh', '/mnt/install.sh');
        assert.notEqual(await show('MainPID'), pid);
      }
      assert.match(await show('SupplementaryGroups'), /docker/);
      assert.equal(await box.run('cat', '/etc/infra-monitoring/environment'), settings);
      assert.equal(await box.run('sha256sum', `${STATE}/flows.json`), flows);
      assert.equal((await box.run('ls', '/opt/infra-monitoring')).split('\n').length, 3);
    },
  );

  await t.test('a service that was disabled is not started by an upgrade', async () => {
    await box.run('systemctl', 'disable', '--quiet', '--now', UNIT);
    assert.match(await box.run('sh', '/mnt/install.sh'), /the service is disabled, and is not started/);
    assert.equal(await show('ActiveState'), 'inactive');
  });

  await t.test('removing keeps settings and data, and --purge leaves nothing', async () => {
    await box.run('sh', '/mnt/install.sh', '--uninstall');
    assert.equal(await box.try('test', '-e', '/opt/infra-monitoring'), undefined);
    await box.run('test', '-e', RECORDS);
    await box.run('sh', '/mnt/install.sh', '--uninstall', '--purge');
    for (const path of [STATE, '/etc/infra-monitoring', `/etc/systemd/system/${UNIT}`])
      assert.equal(await box.try('test', '-e', path), undefined, path);
    assert.equal(await box.try('getent', 'passwd', 'infra-monitoring'), undefined);
  });
});

test('on Debian 13 it takes over what version 0.1.0 left, reads auth.log, sees Docker and the disks, and is removed', {
  ...real(`booted system: ${missing13}`, missing13 === undefined),
  timeout: 800_000,
}, async (t) => {
  const made = await debianRoot(DEBIAN_13);
  if ('reason' in made) return t.skip(made.reason);
  const engine = await startEngine(t, true);
  chmodSync(dirname(engine.socket), 0o711);
  const shared = temporaryFolder();
  const bundle = await unpackedBundle(temporaryFolder());
  const earlier = await earlierVersion();
  cpSync(earlier.userDir, join(shared, 'state'), { recursive: true });
  const binds = [
    `--bind-ro=${bundle}:/media`,
    `--bind=${dirname(engine.socket)}:/srv`,
    `--bind-ro=${packageRoot}:/opt/checkout`,
  ];
  const box = await SystemdBox.boot(t, made.root, shared, binds);
  const records = async (...words: string[]): Promise<string> => (await box.try('grep', '-h', ...words, RECORDS)) ?? '';

  await t.test('flow, checkpoints and what waited are taken over, by a user that did not own them', async () => {
    await box.run('cp', '-a', '/mnt/state', STATE);
    await box.run('groupadd', '-g', String(statSync(engine.socket).gid), '-o', 'docker');
    await box.run('sh', '-c', 'touch /var/log/auth.log; chown root:adm /var/log/auth.log; chmod 640 /var/log/auth.log');
    const variables = ['MONITORED_HOST=web1', 'DOCKER_HOST=unix:///srv/docker.sock'];
    const said = await box.run('env', ...variables, 'sh', '/media/install.sh');
    assert.match(said, /^groups: docker adm systemd-journal$/m);
    assert.equal(await box.run('stat', '-c', '%U', `${STATE}/flows.json`), 'infra-monitoring');
    assert.equal(await box.run('systemctl', 'show', '-P', 'NRestarts', UNIT), '0');
    for (const id of earlier.waiting)
      await until(
        async () => (await records(id)) !== '',
        60_000,
        () => id,
      );
  });

  await t.test('it reads auth.log, the lines of containers, and the size of a disk', async () => {
    const line = `${new Date().toISOString()} web1 sshd[78]: Failed password for bob from 192.0.2.8 port 4712 ssh2`;
    await box.run('sh', '-c', `echo '${line}' >>/var/log/auth.log`);
    await until(async () => /"_user_name":"bob"/.test(await records('ssh_login_failed')), 60_000);
    await engine.docker('run', '-d', '--network', 'none', IMAGE, 'echo', 'a line of a container');
    await until(async () => (await records('a line of a container')) !== '', 60_000);
    await until(async () => (await records('"_disk_mount":"/mnt"')) !== '', 60_000);
    const [blocks, size] = (await box.run('stat', '-f', '-c', '%b %S', '/mnt')).split(' ').map(Number);
    assert.match(
      await records('"_disk_mount":"/mnt"'),
      new RegExp(`"_disk_total_bytes":${(blocks ?? 0) * (size ?? 0)},`),
    );
  });

  await t.test('a reload takes the flow of a folder, in the place of a default flow that nobody changed', async () => {
    const file = '/etc/infra-monitoring/flow/flows.json';
    const flow = [{ id: 'tab', type: 'tab', label: 'Rolled out' }];
    box.write(file, JSON.stringify([...flow, { id: 'x', z: 'tab', type: 'unknown-node', wires: [] }]));
    assert.equal(await box.try('systemctl', 'reload', UNIT), undefined);
    box.write(file, JSON.stringify(flow));
    await box.run('systemctl', 'reload', UNIT);
    const journal = await box.run('journalctl', '-u', UNIT, '-o', 'cat', '--no-pager');
    assert.match(
      journal,
      /web1: not rolled out: this host lacks the nodes unknown-node[\s\S]*web1: revision \w{8} runs/,
    );
    assert.match(await box.run('cat', `${STATE}/flows.json`), /Rolled out/);
  });

  await t.test('in a checkout the bundle is made first', async () => {
    const path = 'PATH=/media/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    const said = await box.run('env', path, 'GZIP=-1', 'sh', '/opt/checkout/deploy/install.sh');
    assert.match(
      said,
      /^makes the bundle of \/opt\/checkout$[\s\S]*^version .*: in \/opt\/infra-monitoring\/[\s\S]*^running: /m,
    );
    assert.equal(await box.run('sh', '-c', 'ls -d /tmp/tmp.* 2>/dev/null | wc -l'), '0');
  });

  await t.test('removing leaves nothing', async () => {
    await box.run('sh', '/media/install.sh', '--uninstall', '--purge');
    for (const path of [STATE, '/opt/infra-monitoring', '/etc/infra-monitoring', `/etc/systemd/system/${UNIT}`])
      assert.equal(await box.try('test', '-e', path), undefined, path);
    assert.equal(await box.run('systemctl', 'is-system-running'), 'running');
  });
});
