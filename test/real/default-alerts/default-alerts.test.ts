// Risk: a default alert does not ring by its real cause, rings twice, does not remind, speaks in a silence, or never ends.

import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { type AlertRow, AlertWorld } from '../../support/alert-world.ts';
import { createAuthority } from '../../support/certificate.ts';
import { startChatService } from '../../support/chat-services.ts';
import { defaultFlow, type FlowPart, shortenedFlow, Tap } from '../../support/default-flow.ts';
import { IMAGE, missingForDocker, startEngine } from '../../support/docker.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { HostRoot } from '../../support/host-root.ts';
import { freePort } from '../../support/ports.ts';
import { real } from '../../support/real.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';
import { sshHostMissing, startSshHost } from '../../support/sshd.ts';
import { until } from '../../support/until.ts';

const MINUTES = 60_000;
const TAB = { z: 'infra0000000tab', x: 400, y: 900 };

/** Which test lives through which alerts of the default flow. */
const LIVED_THROUGH = {
  host: [
    ...['password guessing', 'root logged in', 'memory nearly full', 'load high', 'rebooted', 'endpoint down'],
    ...['certificate ends', 'disk nearly full', 'a source is red', 'errors'],
  ],
  containers: ['container failed', 'crash loop', 'uptime silent', 'disk stats silent'],
  engine: ['Docker away'],
} as const;

/** The rows, each of which the test has to have. */
function rowsOf(world: keyof typeof LIVED_THROUGH, rows: { readonly [name: string]: Omit<AlertRow, 'name'> }) {
  assert.deepEqual(Object.keys(rows).sort(), [...LIVED_THROUGH[world]].sort());
  return Object.entries(rows).map(([name, row]) => ({ name, ...row }));
}

/** An endpoint that can be stopped and started on its port. */
async function startEndpoint(t: TestContext) {
  const port = await freePort();
  let server = createServer();
  const start = (): Promise<void> =>
    new Promise((resolve) => {
      server = createServer((_request, response) => response.end('ok'));
      server.listen(port, '127.0.0.1', resolve);
    });
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  await start();
  t.after(stop);
  return { url: `http://127.0.0.1:${port}/`, start, stop };
}

/** An endpoint whose certificate ends so soon that it is renewed later. */
async function startShop(t: TestContext) {
  const authority = createAuthority(365);
  const caFile = join(temporaryFolder(), 'ca.pem');
  writeFileSync(caFile, authority.cert);
  const certify = (days: number) => server.setSecureContext(authority.issue('DNS:localhost', days));
  const server = createTlsServer(authority.issue('DNS:localhost', 90), (_request, response) => response.end('ok'));
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `https://localhost:${(server.address() as AddressInfo).port}/`, caFile, certify };
}

/** The second check, as an operator copies the first. */
function shopCheck(flow: readonly FlowPart[], url: string): FlowPart {
  const check = flow.find(({ type }) => type === 'http-check') as FlowPart;
  return { ...check, id: 'shop', name: 'shop', checkName: 'shop', url };
}

/** A way to more records than a server keeps whose Graylog was never there. */
function flood(port: number): FlowPart[] {
  const memory = { bufferMegabytes: '1', diskMegabytes: '0' };
  return [
    { id: 'floodserver', type: 'graylog-server', name: '', endpoints: `tcp://127.0.0.1:${port}`, ...memory },
    { id: 'floodin', ...TAB, type: 'http in', url: '/flood', method: 'post', wires: [['floodship', 'floodout']] },
    { id: 'floodout', ...TAB, type: 'http response', statusCode: '204', wires: [] },
    { id: 'floodship', ...TAB, type: 'graylog-out', name: 'flood', server: 'floodserver', wires: [] },
  ];
}

const missing = sshHostMissing();
const missingDocker = missingForDocker(true);

test('each alert of the default flow is lived through', () => {
  const alerts = defaultFlow().flatMap(({ type, name = '' }) => (type === 'alert' ? [name] : []));
  assert.deepEqual(alerts.sort(), Object.values(LIVED_THROUGH).flat().sort());
});

describe('the default alerts, each by its real cause', { concurrency: 3 }, () => {
  test('a host: logins, memory, load, a reboot, a full disk, endpoints, Graylog away; the webhook away for a minute', {
    ...real(`sshd, rsyslogd, right to mount (${missing})`, missing === undefined),
    timeout: 6 * MINUTES,
  }, async (t) => {
    const [userDir, tap, host] = [temporaryFolder(), new Tap(join(temporaryFolder(), 'told.ndjson')), new HostRoot()];
    const [ssh, small, endpoint, shop, people] = [
      await startSshHost(),
      mountSmallDisk('1m'),
      await startEndpoint(t),
      await startShop(t),
      await startChatService(t, 'json'),
    ];
    t.after(() => ssh.stop());
    let graylog = await receiveTcp(t);
    const flow = shortenedFlow(tap.path, {
      'node-red': { interval: '1', retries: '1' },
      'disk stats': { interval: '1', include: small, engine: '' },
      uptime: { interval: '1' },
      // Only what is measured of the host: its logs and disks are this machine's.
      infra0uptimegrp: { env: [{ name: 'HOST_ROOT', value: host.path, type: 'str' }] },
      'memory nearly full': { forSeconds: '2' },
      'load high': { forSeconds: '2' },
      'a source is red': { forSeconds: '3' },
      'tell somebody': { service: 'json', collectSeconds: '0' },
    });
    const more = [shopCheck(flow, shop.url), ...flood(await freePort())];
    const env = {
      ...{ LOGGING_URL: `tcp://127.0.0.1:${graylog.port}`, HTTP_CHECK_URL: endpoint.url, AUTH_LOG: ssh.authLog },
      ...{ ALERT_WEBHOOK_URL: people.address, DOCKER_HOST: `unix://${userDir}/none.sock`, MONITORED_HOST: 'vm' },
      NODE_EXTRA_CA_CERTS: shop.caFile,
    };
    const world = new AlertWorld(t, { flow: [...flow, ...more], tap, userDir, env });
    await world.start();
    const kinds = () => new Set(graylog.documents.map(({ _log_type }) => _log_type));
    await graylog.until(() => ['disk', 'uptime', 'http_check'].every((kind) => kinds().has(kind)), 30_000);
    // That server has no Graylog from the first.
    const isCalm = () => tap.records.every(({ alert_key }) => alert_key === 'flood');
    assert.ok(isCalm(), 'all is well');

    const { port } = graylog;
    const rows = rowsOf('host', {
      'password guessing': {
        keys: ['127.0.0.1'],
        begin: () => Promise.all(Array.from({ length: 5 }, () => ssh.refuse('mallory'))),
        goOn: () => Promise.all(Array.from({ length: 3 }, () => ssh.refuse('mallory'))),
        end: () => world.endSoon('password guessing'),
      },
      'root logged in': {
        begin: () => ssh.login(),
        goOn: () => ssh.login(),
        end: () => world.endSoon('root logged in'),
      },
      'memory nearly full': { begin: () => host.memory(95), end: () => host.memory(50) },
      'load high': { begin: () => host.load(3), end: () => host.load(0.1) },
      rebooted: { begin: () => host.boot(), goOn: async () => host.boot(), end: () => world.endSoon('rebooted') },
      'endpoint down': { keys: ['node-red'], begin: () => endpoint.stop(), end: () => endpoint.start() },
      'certificate ends': { keys: ['shop'], begin: () => shop.certify(2), end: () => shop.certify(90) },
      'disk nearly full': {
        keys: [small],
        begin: () => writeFileSync(join(small, 'large'), Buffer.alloc(1_000_000)),
        end: () => rmSync(join(small, 'large')),
      },
      'a source is red': {
        keys: ['graylog'],
        begin: () => graylog.close(),
        end: async () => {
          graylog = await receiveTcp(t, { port });
        },
      },
      errors: {
        keys: ['flood'],
        begin: () => undefined,
        goOn: () => world.post('/flood', { message: 'x'.repeat(90_000).replace(/x{9}/g, () => `${Math.random()}`) }),
        end: () => world.endSoon('errors'),
      },
    });
    // Whoever is told is away for all that begins.
    people.instead = () => ({ status: 503 });
    await world.liveThrough(rows, () => {
      people.instead = undefined;
    });
    const names = LIVED_THROUGH.host;
    assert.deepEqual(new Set(tap.records.map(({ alert_name }) => alert_name)), new Set([...names, 'never silent']));

    // The records, too, are at Graylog in the end, and people know of all that began and ended.
    const shipped = (name: string, state: string) => (document: object) =>
      Reflect.get(document, '_alert_name') === name && Reflect.get(document, '_alert_state') === state;
    for (const name of names)
      for (const state of ['firing', 'resolved']) await graylog.find(shipped(name, state), 30_000);
    const told = () => people.posts.slice(-people.shown.length).map(({ body }) => body);
    await until(
      () => names.every((name) => told().join().includes(name)),
      60_000,
      () => told().join('\n'),
    );
  });

  test('containers: one that dies, one in a loop; sources that are silent', {
    ...real(`a Docker Engine of its own (${missingDocker})`, missingDocker === undefined),
    timeout: 6 * MINUTES,
  }, async (t) => {
    const [userDir, tap] = [temporaryFolder(), new Tap(join(temporaryFolder(), 'told.ndjson'))];
    const engine = await startEngine(t, true);
    const graylog = await receiveTcp(t);
    const flow = shortenedFlow(tap.path, {
      'uptime silent': { silentSeconds: '3' },
      'disk stats silent': { silentSeconds: '3' },
      uptime: { interval: '1' },
      'disk stats': { interval: '1' },
    });
    const env = {
      ...{ LOGGING_URL: `tcp://127.0.0.1:${graylog.port}`, DOCKER_HOST: engine.host, AUTH_LOG: join(userDir, 'none') },
      ...{ ALERT_WEBHOOK_URL: '', MONITORED_HOST: 'vm' },
    };
    const run = (name: string, ...more: string[]) =>
      engine.docker('run', '-d', '--network', 'none', '--name', name, ...more);
    for (const name of ['steady1', 'steady3']) await run(name, IMAGE, 'sleep', '600');
    const world = new AlertWorld(t, { flow, tap, userDir, env });
    await world.start();
    await until(() => graylog.documents.some(({ _log_type }) => _log_type === 'uptime'), 30_000);
    const hasEvent = (name: string, action: string): boolean =>
      graylog.documents.some((one) => one._container_name === name && one._event_action === action);
    // Nobody listens to the engine's events before that.
    await engine.docker('rename', 'steady1', 'steady');
    await until(() => hasEvent('steady', 'rename'), 30_000);
    assert.deepEqual(tap.records, [], 'all is well');
    await engine.docker('stop', '-t', '0', 'steady3');

    // One that dies the first time and stays the second; and one that dies five times at once, and then every 10 s.
    const once = ['sh', '-c', 'test -f /died && exec sleep 600; touch /died; exit 3'];
    const looping = 'n=$(cat /n || echo 0); echo $((n + 1)) > /n; test $n -lt 5 || sleep 10.2; exit 1';
    const isSilent = (d: boolean) => world.deploy({ uptime: { d }, 'disk stats': { d } });
    await world.liveThrough(
      rowsOf('containers', {
        'container failed': {
          keys: ['worker'],
          begin: () => run('worker', IMAGE, ...once),
          end: () => engine.docker('start', 'worker'),
        },
        'crash loop': {
          keys: ['loop'],
          begin: () => run('loop', '--restart', 'always', IMAGE, 'sh', '-c', looping),
          end: async () => {
            await engine.docker('rm', '-f', 'loop');
            await world.endSoon('crash loop');
          },
        },
        'uptime silent': { begin: () => isSilent(true), end: () => isSilent(false) },
        'disk stats silent': { begin: () => undefined, end: () => undefined },
      }),
    );
    const names = [...LIVED_THROUGH.containers, 'never silent'];
    assert.deepEqual(new Set(tap.records.map(({ alert_name }) => alert_name)), new Set(names));
    assert.deepEqual(tap.story('container failed', 'steady3'), [], 'somebody stopped it');
  });

  test('an engine that is stopped, and one that is killed, with a dozen containers: of those nobody hears', {
    ...real(`a Docker Engine of its own (${missingDocker})`, missingDocker === undefined),
    timeout: 6 * MINUTES,
  }, async (t) => {
    const [userDir, tap] = [temporaryFolder(), new Tap(join(temporaryFolder(), 'told.ndjson'))];
    const engine = await startEngine(t, true);
    const graylog = await receiveTcp(t);
    const env = {
      ...{ LOGGING_URL: `tcp://127.0.0.1:${graylog.port}`, DOCKER_HOST: engine.host, AUTH_LOG: join(userDir, 'none') },
      ...{ ALERT_WEBHOOK_URL: '', MONITORED_HOST: 'vm' },
    };
    const containers = Array.from({ length: 12 }, (_, index) => `app${index}`);
    for (const name of containers)
      await engine.docker(
        'run',
        '-d',
        '--network',
        'none',
        '--restart',
        'always',
        '--name',
        name,
        IMAGE,
        'sleep',
        '900',
      );
    const world = new AlertWorld(t, { flow: shortenedFlow(tap.path, {}), tap, userDir, env });
    await world.start();
    await until(() => graylog.documents.some(({ _log_type }) => _log_type === 'uptime'), 30_000);
    const seesEvents = (name: string) => () =>
      graylog.documents.some((one) => one._container_name === name && one._event_action === 'rename');
    await engine.docker('rename', 'app0', 'app00');
    await until(seesEvents('app00'), 30_000);

    await world.liveThrough(
      rowsOf('engine', {
        'Docker away': {
          keys: ['docker events', 'docker logs'],
          begin: () => engine.stop(),
          end: () => engine.start(),
        },
      }),
    );
    assert.deepEqual(tap.keys('container failed'), [], 'they went with their engine');

    // An engine that was killed ends and restarts what runs when it comes back.
    const words = () => ['docker events', 'docker logs'].map((key) => tap.story('Docker away', key).at(-1));
    await engine.kill();
    await until(() => words().every((word) => word === 'firing'), MINUTES);
    // It may not come up at once, and systemd tries again.
    const isUp = () =>
      engine.start().then(
        () => true,
        () => false,
      );
    await until(isUp, 2 * MINUTES);
    await until(() => words().every((word) => word === 'resolved'), MINUTES);
    await engine.docker('rename', 'app1', 'app01');
    await until(seesEvents('app01'), MINUTES);
    assert.deepEqual(tap.keys('container failed'), [], 'they went with their engine');
    assert.deepEqual(tap.keys('crash loop'), []);
  });
});
