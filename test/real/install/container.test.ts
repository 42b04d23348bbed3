// Risk: in a container it runs as root, sees the container for the host, follows its own log, or dies when the engine restarts.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, chmodSync, chownSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { bundleFile } from '../../support/bundle.ts';
import { IMAGE, missingForDocker, startEngine } from '../../support/docker.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Document, receiveTcp } from '../../support/graylog.ts';
import { buildMonitorImage, isForArm64, MONITOR_IMAGE, missingForMonitorImage } from '../../support/monitor-image.ts';
import { freePort } from '../../support/ports.ts';
import { program, real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const run = promisify(execFile);
const NAME = 'infra-monitoring';
const HOST = 'somehost';
/** Of Debian's group adm, in the root of this machine and in the image alike. */
const ADM = 4;
const DEADLINE_MS = 180_000;
const missing =
  missingForDocker(true) ??
  missingForMonitorImage() ??
  (program('docker-compose') === undefined ? 'there is no docker-compose' : undefined);

const isLine =
  (text: string) =>
  ({ short_message }: Document): boolean =>
    short_message === text;

test('the image watches its host without root, tells its health, and goes on after the engine restarts', {
  ...real(`container: ${missing}`, missing === undefined),
  timeout: 800_000,
}, async (t) => {
  // Its containers outlive it, as on a host that must not lose them.
  const engine = await startEngine(t, true, 'installed', ['--live-restore']);
  // Who has the group of the socket can reach it, as in /run.
  chmodSync(dirname(engine.socket), 0o711);
  const folder = await buildMonitorImage(engine);
  if (folder === undefined) return t.skip('Debian 13 cannot be made here');
  const receiver = await receiveTcp(t);
  const logs = temporaryFolder();
  chmodSync(logs, 0o755);
  const authLog = join(logs, 'auth.log');
  writeFileSync(authLog, '', { mode: 0o640 });
  chownSync(authLog, 0, ADM);

  const inspect = async (format: string, name = NAME): Promise<string> =>
    (await engine.docker('inspect', '--format', format, name)).trim();
  const inside = async (...command: string[]): Promise<string> =>
    (await engine.docker('exec', NAME, ...command)).trim();
  const health = (): Promise<string> => inspect('{{.State.Health.Status}}');
  const becomes = (status: string): Promise<void> =>
    until(
      async () => (await health()) === status,
      DEADLINE_MS,
      () => `the health ${status}`,
    );
  const print = (text: string): Promise<string> => engine.docker('run', '-d', '--network', 'none', IMAGE, 'echo', text);

  await t.test(
    'three commands start it: as a user of its own, closed, with the groups that this host has',
    async () => {
      const variables = { DOCKER_SOCKET: engine.socket, PORT: String(await freePort()) };
      const env = { ...process.env, ...variables, LOGGING_URL: `tcp://127.0.0.1:${receiver.port}` };
      const { stdout } = await run('sh', [join(folder, 'host.sh')], { env });
      writeFileSync(join(folder, '.env'), stdout.replace(/^MONITORED_HOST=.*$/m, `MONITORED_HOST=${HOST}`));
      // The words of the health check, but asked more often.
      const faster = {
        test: ['CMD', '/opt/infra-monitoring/bin/health.sh'],
        interval: '1s',
        retries: 2,
        start_period: '90s',
      };
      const more = { services: { monitor: { healthcheck: faster, environment: { AUTH_LOG: `/host${authLog}` } } } };
      writeFileSync(join(folder, 'more.yaml'), JSON.stringify(more));
      await run('docker-compose', ['-f', 'compose.yaml', '-f', 'more.yaml', 'up', '-d'], {
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: folder, DOCKER_HOST: engine.host },
      });
      await becomes('healthy');
      assert.equal(await inside('id', '-u'), '10001');
      const closed = '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.Privileged}} {{.HostConfig.CapDrop}}';
      assert.equal(await inspect(closed), 'true false [ALL]');
      await assert.rejects(inside('touch', '/opt/x'), /Read-only file system/);
      // Not the socket by itself: an engine makes a new one when it starts.
      assert.doesNotMatch(await inspect('{{json .Mounts}}'), /docker\.sock/);
      assert.doesNotMatch(await engine.docker('logs', NAME), /\[error\]/);
    },
  );

  await t.test("the host's disks, uptime, files and containers are what it sees", async () => {
    const [disk, up] = await Promise.all([
      receiver.find(({ _log_type, _disk_mount }) => _log_type === 'disk' && _disk_mount === '/', DEADLINE_MS),
      receiver.find(({ _log_type }) => _log_type === 'uptime', DEADLINE_MS),
    ]);
    const { blocks, bsize } = statfsSync('/');
    assert.equal(disk._disk_total_bytes, blocks * bsize);
    assert.ok(Math.abs(Number(up._uptime_seconds) - uptime()) < 90, String(up._uptime_seconds));
    assert.equal(
      up._memory_total_bytes,
      Number(/^MemTotal:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1024,
    );
    appendFileSync(
      authLog,
      `${new Date().toISOString()} somehost sshd[77]: Accepted publickey for ann from 192.0.2.7 port 4711 ssh2\n`,
    );
    const login = await receiver.find(({ _event_action }) => _event_action === 'ssh_login', DEADLINE_MS);
    assert.equal(login._user_name, 'ann');
    await print('first line');
    await receiver.find(isLine('first line'), DEADLINE_MS);
    assert.deepEqual([...new Set(receiver.documents.map(({ host }) => host))], [HOST]);
  });

  await t.test('the health check tells that Node-RED hangs, and that it is well again', async () => {
    const init = await inspect('{{.State.Pid}}');
    const [node = ''] = readFileSync(`/proc/${init}/task/${init}/children`, 'utf8').trim().split(' ');
    process.kill(Number(node), 'SIGSTOP');
    try {
      await becomes('unhealthy');
      assert.match(
        await inspect('{{range .State.Health.Log}}{{.Output}}{{end}}'),
        /the event loop has not turned for \d+ s/,
      );
    } finally {
      process.kill(Number(node), 'SIGCONT');
    }
    await becomes('healthy');
  });

  await t.test('an engine that restarts is found again, at its new socket', async () => {
    const id = await inspect('{{.Id}} {{.State.StartedAt}}');
    await engine.stop();
    await engine.start();
    assert.equal(await inspect('{{.Id}} {{.State.StartedAt}}'), id);
    await print('line after the restart');
    await receiver.find(isLine('line after the restart'), DEADLINE_MS);
  });

  await t.test('its own log is not followed', () => {
    const isOwn = ({ _log_type, _container_name }: Document): boolean =>
      _log_type === 'docker_log' && _container_name === NAME;
    assert.equal(receiver.documents.filter(isOwn).length, 0);
  });

  await t.test('a folder of somebody else is refused with the command that gives it to the monitor', async () => {
    const foreign = join(temporaryFolder(), 'data');
    mkdirSync(foreign, { mode: 0o755 });
    const refused = engine.docker('run', '--rm', '--network', 'none', '-v', `${foreign}:/data`, MONITOR_IMAGE);
    await assert.rejects(refused, /closed to the user 10001.*chown -R 10001 /);
  });

  await t.test('it lists the licences of what it holds', async () => {
    const list = await inside('cat', '/opt/infra-monitoring/LICENSES');
    for (const what of [/^Node\.js v\S+: MIT/m, /^node-red \S+: Apache-2\.0$/m, /^classic-level \S+: MIT$/m])
      assert.match(list, what);
    const files = [...list.matchAll(/: (\/usr\/share\/doc\/\S+)$/gm)].map(([, file = '']) => file);
    assert.ok(files.length > 50, list);
    await inside('sh', '-c', 'for file in "$@"; do [ -e "$file" ] || exit 1; done', 'sh', ...files);
  });

  await t.test('it ends within its grace, and a new one goes on where it was', async () => {
    const startedMs = performance.now();
    await engine.docker('stop', '-t', '30', NAME);
    assert.ok(performance.now() - startedMs < 15_000);
    assert.equal(await inspect('{{.State.ExitCode}}'), '0');
    await print('line while it was away');
    await engine.docker('start', NAME);
    await receiver.find(isLine('line while it was away'), DEADLINE_MS);
    await engine.docker('rm', '-f', '-v', NAME);
  });
});

// The bundle is made first where no other test has made it.
test('the bundle has the native module for both kinds of processor', { timeout: 300_000 }, async () => {
  const folder = temporaryFolder();
  const place = 'app/node_modules/classic-level/prebuilds';
  await run('tar', [
    '-C',
    folder,
    '-xzf',
    await bundleFile(),
    '--wildcards',
    '--strip-components=1',
    `*/${place}/linux-*`,
  ]);
  const arm64 = readFileSync(join(folder, place, 'linux-arm64/classic-level.armv8.node'));
  assert.ok(isForArm64(arm64));
  // The oldest C library that it may run with is that of Debian 11.
  const needs = [...arm64.toString('latin1').matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
  assert.ok(Math.max(...needs) <= 31, String(Math.max(...needs)));
  readFileSync(join(folder, place, 'linux-x64/classic-level.node'));
});
