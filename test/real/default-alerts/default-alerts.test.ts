// Risk: a default alert does not ring by its real cause, rings twice, does not remind, or never ends.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { startChatService } from '../../support/chat-services.ts';
import { type FlowPart, shortenedFlow, Tap } from '../../support/default-flow.ts';
import { IMAGE, missingForDocker, startEngine } from '../../support/docker.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';
import { freePort } from '../../support/ports.ts';
import { real } from '../../support/real.ts';
import { sshHostMissing, startSshHost } from '../../support/sshd.ts';
import { until } from '../../support/until.ts';

const MINUTES = 60_000;

const deploy = (red: RunningNodeRed, flow: object[]): Promise<unknown> =>
  red.api('/flows', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'Node-RED-Deployment-Type': 'full' },
    body: JSON.stringify(flow),
  });

const silence = (red: RunningNodeRed, flow: readonly FlowPart[], name: string, command: object): Promise<unknown> =>
  red.api(`/infra-monitoring/alert/${flow.find((part) => part.name === name)?.id}/silence`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(command),
  });

/** A filesystem of its own that a test can fill. */
function mountSmall(t: TestContext): string {
  const path = join(temporaryFolder(), 'small');
  mkdirSync(path);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path]);
  t.after(() => execFileSync('umount', [path]));
  return path;
}

/** An endpoint that can be stopped and started on its port. */
async function startEndpoint(t: TestContext) {
  const port = await freePort();
  let server = createServer((_request, response) => response.end('ok'));
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

const missing = sshHostMissing();
const missingDocker = missingForDocker(true);

describe('the default alerts, each by its real cause', { concurrency: 2 }, () => {
  test('a host: logins, a full disk, a stopped server, a silent source, Graylog away; the webhook away for a minute', {
    ...real(`sshd, rsyslogd, right to mount (${missing})`, missing === undefined),
    timeout: 4 * MINUTES,
  }, async (t) => {
    const [userDir, tap] = [temporaryFolder(), new Tap(join(temporaryFolder(), 'told.ndjson'))];
    const [host, small, endpoint, people] = [
      await startSshHost(),
      mountSmall(t),
      await startEndpoint(t),
      await startChatService(t, 'json'),
    ];
    t.after(() => host.stop());
    let graylog = await receiveTcp(t);
    const flow = shortenedFlow(tap.path, {
      'node-red': { interval: '1', retries: '1' },
      'disk stats': { interval: '1', include: small, engine: '' },
      uptime: { interval: '1' },
      'uptime silent': { silentSeconds: '3' },
      'password guessing': { windowSeconds: '30', endSeconds: '40' },
      'root logged in': { endSeconds: '75' },
      'a source is red': { forSeconds: '3' },
      'tell somebody': { service: 'json', collectSeconds: '0' },
    });
    const env = {
      ...{ LOGGING_URL: `tcp://127.0.0.1:${graylog.port}`, HTTP_CHECK_URL: endpoint.url, AUTH_LOG: host.authLog },
      ...{ ALERT_WEBHOOK_URL: people.address, DOCKER_HOST: `unix://${userDir}/none.sock`, MONITORED_HOST: 'vm' },
    };
    const first = await startNodeRed(t, { userDir, flow, env });
    const kinds = () => new Set(graylog.documents.map(({ _log_type }) => _log_type));
    await graylog.until(() => ['disk', 'uptime', 'http_check'].every((kind) => kinds().has(kind)), 30_000);
    assert.deepEqual(tap.records, [], 'all is well');

    // Whoever is told is away for all that begins.
    people.instead = () => ({ status: 503 });
    const { port } = graylog;
    await graylog.close();
    endpoint.stop();
    writeFileSync(join(small, 'large'), Buffer.alloc(1_000_000));
    await Promise.all([host.login(), ...Array.from({ length: 5 }, () => host.refuse('mallory'))]);
    // Somebody disables a source: that is a Deploy, too.
    const mute = flow.map((part) => (part.name === 'uptime' ? { ...part, d: true } : part));
    await deploy(first, mute);
    const names = [
      ...['endpoint down', 'disk nearly full', 'password guessing', 'root logged in'],
      ...['a source is red', 'uptime silent'],
    ];
    await tap.until(names, 'firing', 40_000);
    await silence(first, flow, 'disk nearly full', { silence: '1h' });
    const kept = join(userDir, 'infra-monitoring/alert-infra000diskfull.json');
    await until(() => /"silentUntilMs":\d{13}/.test(readFileSync(kept, 'utf8')));
    await first.kill();
    const second = await startNodeRed(t, { userDir, env });
    await deploy(second, mute);
    const reminded = names.filter((name) => name !== 'disk nearly full');
    await tap.until(reminded, 'reminder', 90_000);
    assert.deepEqual(tap.story('disk nearly full'), ['firing'], 'a silent one reminds nobody');
    // Who cannot be told is red as well, once it has given up.
    const keysOf = (name: string) => tap.keys(name).filter((key) => key !== 'tell somebody');
    assert.deepEqual(keysOf('a source is red'), ['graylog']);
    for (const name of names)
      for (const key of keysOf(name))
        assert.equal(tap.story(name, key).filter((word) => word === 'firing').length, 1, `${name}, ${key}`);

    await silence(second, flow, 'disk nearly full', { wake: true });
    people.instead = undefined;
    rmSync(join(small, 'large'));
    await endpoint.start();
    graylog = await receiveTcp(t, { port });
    await deploy(second, flow);
    await tap.until(names, 'resolved', 60_000);
    for (const name of names) {
      for (const key of keysOf(name)) {
        await until(() => tap.story(name, key).at(-1) === 'resolved', 60_000);
        const reminders = tap.story(name, key).slice(1, -1);
        assert.equal(tap.story(name, key)[0], 'firing', `${name}, ${key}`);
        assert.deepEqual(
          new Set(reminders),
          new Set(name === 'disk nearly full' ? [] : ['reminder']),
          `${name}, ${key}`,
        );
      }
    }
    assert.deepEqual(new Set(tap.records.map(({ alert_name }) => alert_name)), new Set(names));

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

  test('Docker: a container that dies, one in a loop, an engine that is stopped', {
    ...real(`a Docker Engine of its own (${missingDocker})`, missingDocker === undefined),
    timeout: 4 * MINUTES,
  }, async (t) => {
    const [userDir, tap] = [temporaryFolder(), new Tap(join(temporaryFolder(), 'told.ndjson'))];
    const engine = await startEngine(t, true);
    const graylog = await receiveTcp(t);
    const flow = shortenedFlow(tap.path, { 'crash loop': { windowSeconds: '30', endSeconds: '1' } });
    const env = {
      ...{ LOGGING_URL: `tcp://127.0.0.1:${graylog.port}`, DOCKER_HOST: engine.host, AUTH_LOG: join(userDir, 'none') },
      ...{ ALERT_WEBHOOK_URL: '', MONITORED_HOST: 'vm' },
    };
    const run = (name: string, ...more: string[]) =>
      engine.docker('run', '-d', '--network', 'none', '--name', name, ...more);
    // One that dies the first time and stays the second.
    const once = ['sh', '-c', 'test -f /died && exec sleep 600; touch /died; exit 3'];
    for (const name of ['steady1', 'steady2', 'steady3']) await run(name, IMAGE, 'sleep', '600');
    const first = await startNodeRed(t, { userDir, flow, env });
    await first.logged(/Started flows/);
    await until(() => graylog.documents.some(({ _log_type }) => _log_type === 'uptime'), 30_000);
    const hasEvent = (name: string, action: string): boolean =>
      graylog.documents.some((one) => one._container_name === name && one._event_action === action);
    // Nobody listens to the engine's events before that.
    await engine.docker('rename', 'steady1', 'steady');
    await until(() => hasEvent('steady', 'rename'), 30_000);

    await engine.docker('stop', '-t', '0', 'steady3');
    await run('worker', IMAGE, ...once);
    await run('loop', '--restart', 'always', IMAGE, 'sh', '-c', 'exit 1');
    await tap.until(['container failed', 'crash loop'], 'firing', 40_000);
    await until(() => tap.story('container failed', 'worker').length > 0, 20_000);
    await engine.docker('rm', '-f', 'loop');
    await first.kill();
    const second = await startNodeRed(t, { userDir, env });
    await until(() => tap.story('container failed', 'worker').includes('reminder'), 90_000);
    await engine.docker('start', 'worker');
    await until(() => tap.story('container failed', 'worker').at(-1) === 'resolved', 30_000);
    await tap.until(['crash loop'], 'resolved', 60_000);
    assert.deepEqual(tap.story('container failed', 'worker'), ['firing', 'reminder', 'resolved']);
    assert.equal(tap.story('container failed', 'steady3').length, 0, 'somebody stopped it');

    await engine.stop();
    await tap.until(['Docker away'], 'firing', 30_000);
    await deploy(second, flow);
    await engine.start();
    await tap.until(['Docker away'], 'resolved', 60_000);
    for (const name of ['steady', 'steady2', 'worker']) {
      const story =
        name === 'worker' ? tap.story('container failed', name).slice(3) : tap.story('container failed', name);
      assert.deepEqual(story, [], `${name} went with its engine`);
    }
    for (const key of ['docker events', 'docker logs']) {
      await until(() => tap.story('Docker away', key).at(-1) === 'resolved', 60_000);
      const story = tap.story('Docker away', key);
      assert.deepEqual([story.filter((word) => word === 'firing').length, story.at(-1)], [1, 'resolved'], key);
    }
    assert.deepEqual(
      new Set(tap.records.map(({ alert_name }) => String(alert_name))),
      new Set(['container failed', 'crash loop', 'Docker away']),
    );
  });
});
