// Risk: on a swarm an update loses lines, a bad one stays, or two monitors of one node send the same.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { missingForDocker, IMAGE as SMALL, startEngine } from '../../support/docker.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { buildMonitorImage, buildVariant, missingForMonitorImage } from '../../support/monitor-image.ts';
import { packageRoot } from '../../support/node-red.ts';
import { freePort } from '../../support/ports.ts';
import { real } from '../../support/real.ts';
import { until } from '../../support/until.ts';

const missing = missingForDocker(true) ?? missingForMonitorImage();
const SERVICE = 'infra_monitor';
const STACK = join(packageRoot, 'deploy/swarm/stack.yaml');
const DEADLINE_MS = 180_000;
/** As the image's, but asked more often: a task runs once it is healthy. */
const HEALTH = 'HEALTHCHECK --interval=1s --timeout=10s --start-period=90s CMD ["/opt/infra-monitoring/bin/health.sh"]';

test('a service of a swarm watches each node, and is updated and rolled back without losing a line', {
  ...real(`swarm: ${missing}`, missing === undefined),
  timeout: 800_000,
}, async (t) => {
  const engine = await startEngine(t, true);
  chmodSync(dirname(engine.socket), 0o711);
  if ((await buildMonitorImage(engine)) === undefined) return t.skip('Debian 13 cannot be made here');
  const fresh = ['LABEL variant=old', 'LABEL variant=new'];
  await buildVariant(engine, 'monitor:old', [HEALTH, fresh[0] ?? '']);
  await buildVariant(engine, 'monitor:new', [HEALTH, fresh[1] ?? '']);
  await buildVariant(engine, 'monitor:broken', ['ENTRYPOINT ["/bin/false"]']);
  const receiver = await receiveTcp(t);
  const [port, swarmPort, dataPort] = [await freePort(), await freePort(), await freePort()].map(String);

  const docker = async (...words: string[]): Promise<string> => (await engine.docker(...words)).trim();
  const deploy = (image: string): string =>
    execFileSync('docker', ['stack', 'deploy', '--resolve-image', 'never', '-c', STACK, 'infra'], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        DOCKER_HOST: engine.host,
        DOCKER_GID: String(statSync(engine.socket).gid),
        DOCKER_SOCKET: engine.socket,
        IMAGE: image,
        PORT: port,
        UPDATE_MONITOR: '3s',
      },
    });
  const service = (format: string): Promise<string> => docker('service', 'inspect', '--format', format, SERVICE);
  const updateIs = (state: string): Promise<void> =>
    until(
      async () => (await service('{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}')) === state,
      DEADLINE_MS,
      () => `the update ${state}`,
    );
  const running = async (): Promise<string[]> =>
    (
      await docker(
        'ps',
        '--no-trunc',
        '--filter',
        `label=com.docker.swarm.service.name=${SERVICE}`,
        '--format',
        '{{.Image}}',
      )
    )
      .split('\n')
      .filter((image) => image !== '');
  const isThere = (text: string): Promise<unknown> =>
    receiver.find(({ short_message }) => short_message === text, DEADLINE_MS);

  await docker(
    ...['swarm', 'init', '--advertise-addr', '127.0.0.1', '--listen-addr', `127.0.0.1:${swarmPort}`],
    ...['--data-path-port', dataPort ?? ''],
  );
  t.after(() => docker('swarm', 'leave', '--force').catch(() => undefined));
  execFileSync('docker', ['secret', 'create', 'logging_url', '-'], {
    input: `tcp://127.0.0.1:${receiver.port}\n`,
    env: { PATH: process.env.PATH, DOCKER_HOST: engine.host },
  });

  await t.test('a stack starts it on the node, with the secret of a file and the name of the node', async () => {
    deploy('monitor:old');
    const up = await receiver.find(({ _log_type }) => _log_type === 'uptime', DEADLINE_MS);
    assert.equal(up.host, await docker('node', 'inspect', 'self', '--format', '{{.Description.Hostname}}'));
    assert.deepEqual(await running(), ['monitor:old']);
  });

  const script = 'i=0; while :; do i=$((i+1)); echo line $i; sleep 0.05; done';
  await docker('run', '-d', '--name', 'writer', '--network', 'none', SMALL, 'sh', '-c', script);
  await isThere('line 1');

  await t.test('an update takes the place of the old one', async () => {
    deploy('monitor:new');
    await updateIs('completed');
    assert.deepEqual(await running(), ['monitor:new']);
  });

  await t.test('an update that does not start is rolled back by itself', async () => {
    deploy('monitor:broken');
    await updateIs('rollback_completed');
    await until(
      async () => (await running()).join() === 'monitor:new',
      DEADLINE_MS,
      () => 'the monitor that was there before',
    );
  });

  await t.test('a second monitor of the same folder waits', async () => {
    const words = ['--read-only', '--tmpfs', '/tmp', '-v', 'infra_data:/data'];
    await docker('run', '-d', '--name', 'second', '--network', 'none', ...words, 'monitor:new');
    await until(async () => /Another monitor works in \/data/.test(await docker('logs', 'second')), DEADLINE_MS);
    await docker('rm', '-f', 'second');
  });

  await t.test('of what a container printed meanwhile no line is missing', async () => {
    await docker('stop', '-t', '0', 'writer');
    const printed = (await docker('logs', 'writer')).split('\n');
    await isThere(printed.at(-1) ?? '');
    const arrived = new Set(receiver.documents.map(({ short_message }) => short_message));
    assert.deepEqual(
      printed.filter((line) => !arrived.has(line)),
      [],
    );
    assert.ok(printed.length > 100, String(printed.length));
    // What is the same has the same id, so that repeats can be told.
    const ids = receiver.documents
      .filter(({ _log_type, _container_name }) => _log_type === 'docker_log' && _container_name === 'writer')
      .map(({ _event_id }) => _event_id);
    assert.equal(new Set(ids).size, printed.length);
  });

  await t.test('removing the stack leaves what waited, and nothing else', async () => {
    await docker('stack', 'rm', 'infra');
    await until(async () => (await running()).length === 0, DEADLINE_MS);
    assert.match(await docker('volume', 'ls', '-q'), /^infra_data$/m);
    await docker('rm', '-f', 'writer');
  });
});
