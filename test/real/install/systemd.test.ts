// Risk: on a host of theirs it does not start, sees nothing, hangs unnoticed, or cannot be removed.

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { DEBIAN_12_SYSTEMD, debianMissing, debianRoot } from '../../support/debian.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { packageRoot } from '../../support/node-red.ts';
import { real } from '../../support/real.ts';
import { SystemdBox, systemdBoxMissing } from '../../support/systemd-box.ts';
import { until } from '../../support/until.ts';

const missing = systemdBoxMissing() ?? debianMissing(DEBIAN_12_SYSTEMD);
const UNIT = 'infra-monitoring.service';
const STATE = '/var/lib/infra-monitoring';
const RECORDS = `${STATE}/infra-monitoring/collected.ndjson`;
const run = promisify(execFile);

/** The unpacked bundle, as it lies on a host after `tar -x`. */
async function bundle(): Promise<string> {
  const folder = temporaryFolder();
  const { stdout } = await run(process.execPath, [join(packageRoot, 'scripts/bundle.js'), folder]);
  execFileSync('tar', ['-C', folder, '-xzf', stdout.trim().split('\n').at(-1) ?? '']);
  return join(folder, readdirSync(folder).find((name) => !name.endsWith('.tar.gz')) ?? '');
}

test('a service of systemd is installed without a network, watches its host, is upgraded, restarts after a stall and is removed', {
  ...real(`booted system: ${missing}`, missing === undefined),
  timeout: 400_000,
}, async (t) => {
  const made = await debianRoot(DEBIAN_12_SYSTEMD);
  if ('reason' in made) return t.skip(made.reason);
  const box = await SystemdBox.boot(t, made.root, await bundle());
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
