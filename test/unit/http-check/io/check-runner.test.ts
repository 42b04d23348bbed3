import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { StateFile } from '../../../../lib/io/state-file.ts';
import { parseEndpoint } from '../../../../nodes/http-check/endpoint-states.ts';
import { CheckRunner, type RunnerOptions } from '../../../../nodes/http-check/io/check-runner.ts';
import { createTools } from '../../../../nodes/http-check/io/tools.ts';
import { type CheckSettings, readSettings } from '../../../../nodes/http-check/settings.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { serve, serveTcp } from '../../../support/http-servers.ts';
import { freePort } from '../../../support/ports.ts';

function runner(url: string, options: Partial<RunnerOptions> = {}, config: object = {}): CheckRunner {
  return new CheckRunner({
    settings: readSettings({ retries: '0', ...config }) as CheckSettings,
    credentials: {},
    url: new URL(url),
    ownPage: () => assert.fail('there is a URL'),
    tls: {},
    bodyTest: async () => undefined,
    name: 'web',
    host: 'host',
    tools: createTools(),
    file: new StateFile(temporaryFolder(), 'http-check-h', parseEndpoint),
    translate: (key) => key,
    onSaveFault: assert.ifError,
    signal: new AbortController().signal,
    ...options,
  });
}

/** A server whose answers wait until `release` lets them go. */
async function holding(t: TestContext): Promise<{ url: string; seen: string[]; release(): void }> {
  const seen: string[] = [];
  const held: (() => void)[] = [];
  let isOpen = false;
  const url = await serve(t, (request, response) => {
    seen.push(request.url ?? '');
    if (isOpen) response.end();
    else held.push(() => response.end());
  });
  const release = (): void => {
    isOpen = true;
    for (const answer of held.splice(0)) answer();
  };
  return { url, seen, release };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('checks run one after the other, in the order they were asked for', async (t) => {
  const { url, seen, release } = await holding(t);
  const checks = runner(url);
  const all = ['/1', '/2', '/3'].map((path) => checks.run({ url: `${url}${path}` }));
  while (seen.length === 0) await turn();
  assert.deepEqual(seen, ['/1']);
  release();
  await Promise.all(all);
  assert.deepEqual(seen, ['/1', '/2', '/3']);
});

test('a msg is refused where a hundred wait, and a turn of the interval is not', async (t) => {
  const { url, release } = await holding(t);
  const checks = runner(url);
  const all = Array.from({ length: 100 }, () => checks.run({}));
  await assert.rejects(checks.run({}), { code: 'TOO_MANY_WAITING' });
  all.push(checks.run());
  release();
  await Promise.all(all);
});

test('the check under way and those that wait end without a result when the signal aborts', async (t) => {
  const port = await serveTcp(t, () => undefined);
  const controller = new AbortController();
  const checks = runner(`http://127.0.0.1:${port}`, { signal: controller.signal });
  const all = [checks.run(), checks.run({})];
  await turn();
  controller.abort(new Error('closed'));
  assert.deepEqual(await Promise.all(all), [undefined, undefined]);
});

test('what was down is told as up again by the next runner, and the file of a removed node goes', async (t) => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const file = new StateFile(temporaryFolder(), 'http-check-h', parseEndpoint);
  const first = runner(url, { file });
  const down = await first.run();
  assert.deepEqual([down?.record.check_state, down?.verdict.changed], ['down', true]);
  await first.close(false);
  assert.equal(file.read()?.url, url);
  const server = createServer((_request, response) => response.end());
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  t.after(() => server.close());
  const second = runner(url, { file });
  const up = await second.run();
  assert.deepEqual([up?.record.check_state, up?.verdict.changed], ['up', true]);
  await second.close(true);
  assert.equal(file.read(), undefined);
});

test('the state of an endpoint that a msg asks for is not kept over a restart', async (t) => {
  const file = new StateFile(temporaryFolder(), 'http-check-h', parseEndpoint);
  const written = t.mock.method(file, 'write');
  const checks = runner(await serve(t, (_request, response) => response.end()), { file });
  const other = await checks.run({ url: `http://127.0.0.1:${await freePort()}/` });
  assert.equal(other?.record.check_state, 'down');
  await checks.close(false);
  assert.equal(written.mock.callCount(), 0);
});

test('a check without a name has that of the host it asks, and one without a URL asks the own page', async (t) => {
  const url = await serve(t, (_request, response) => response.end());
  const result = await runner('http://unused.test', { name: '', url: undefined, ownPage: () => new URL(url) }).run();
  assert.equal(result?.name, new URL(url).host);
  assert.equal(result?.record.result_type, 'success');
});

test('a msg that asks for what is no URL is refused', async () => {
  await assert.rejects(runner('http://127.0.0.1:9').run({ url: 'example' }), { code: 'BAD_MSG_URL' });
});

test('no secret of the URL is in the record or the file, and what was down is still told from what a msg asks for', async (t) => {
  const folder = temporaryFolder();
  const file = () => new StateFile(folder, 'http-check-h', parseEndpoint);
  const closed = `http://ann:MARKED@127.0.0.1:${await freePort()}/?page=1&token=MARKED`;
  const first = runner(closed, { file: file() });
  const down = await first.run();
  assert.deepEqual([down?.record.check_state, down?.verdict.changed], ['down', true]);
  await first.close(false);
  assert.doesNotMatch(JSON.stringify(down?.record), /MARKED/);
  assert.match(down?.record.event_id ?? '', /page=1&token=…-\d+$/);
  assert.doesNotMatch(JSON.stringify(file().read()), /MARKED/);
  const again = await runner(closed, { file: file() }).run();
  assert.deepEqual([again?.record.check_state, again?.verdict.changed], ['down', false]);
  const url = await serve(t, (_request, response) => response.end());
  const checks = runner(url);
  const other = await checks.run({ url: closed });
  const third = await checks.run({ url: closed.replace('token=MARKED', 'token=other') });
  assert.deepEqual([other?.record.consecutive_failures, third?.record.consecutive_failures], [1, 1]);
});

test('the file of 0.1.0 loses its secrets, and its state is kept', async () => {
  const folder = temporaryFolder();
  const url = `http://127.0.0.1:${await freePort()}/?token=MARKED`;
  const state = { state: 'down', failures: 3, failingSinceMs: 1 } as const;
  await new StateFile(folder, 'http-check-h', parseEndpoint).write({ url, state });
  const file = new StateFile(folder, 'http-check-h', parseEndpoint);
  const checks = runner(url, { file });
  await checks.close(false);
  assert.deepEqual(file.read(), { url: url.replace('MARKED', '…'), state });
  assert.equal((await checks.run())?.record.consecutive_failures, 4);
});

test('a password with a per cent sign is sent as it is', async (t) => {
  const seen: string[] = [];
  const url = await serve(t, (request, response) => {
    seen.push(String(request.headers.authorization));
    response.end();
  });
  const result = await runner(url.replace('//', '//user:50%@')).run();
  assert.equal(result?.record.result_type, 'success');
  assert.deepEqual(seen, [`Basic ${btoa('user:50%')}`]);
});

test('spans go by a steady clock, whatever the clock of the host is set to', async (t) => {
  const folder = temporaryFolder();
  const file = () => new StateFile(folder, 'http-check-h', parseEndpoint);
  const closed = `http://127.0.0.1:${await freePort()}/`;
  const checks = runner(closed, { file: file() });
  const began = Date.now();
  await checks.run();
  const now = t.mock.method(Date, 'now', () => began - 3_600_000);
  const down = await checks.run();
  assert.equal(down?.verdict.next.state, 'down');
  assert.ok(Number(down?.record.check_down_seconds) >= 0 && Number(down?.record.check_down_seconds) < 60);
  await checks.close(false);
  const restarted = await runner(closed, { file: file() }).run();
  assert.equal(restarted?.record.consecutive_failures, 2);
  assert.ok(Number(restarted?.record.check_down_seconds) >= 0, 'after a restart too');
  now.mock.restore();
});

test("what is this host's own fault counts neither as up nor as down, and says so", async (t) => {
  let answers = false;
  const url = await serve(t, (request, response) => {
    if (answers) response.end();
    else request.socket.destroy();
  });
  const checks = runner(url);
  assert.equal((await checks.run())?.record.check_state, 'down');
  process.env.all_proxy = 'socks5://ann:MARKED@127.0.0.1:9';
  const own = await checks.run();
  delete process.env.all_proxy;
  assert.deepEqual(
    [own?.record.result_type, own?.record.event_outcome, own?.record.level, own?.shown.state],
    ['local_error', undefined, 4, 'warning'],
  );
  assert.deepEqual(
    [own?.record.check_state, own?.record.consecutive_failures, own?.verdict.changed],
    ['down', 1, false],
  );
  assert.match(own?.record.message ?? '', /error\.PROXY_UNSUPPORTED/);
  assert.doesNotMatch(JSON.stringify(own), /MARKED/);
  answers = true;
  assert.equal((await checks.run())?.verdict.changed, true);
});

test('the own page is up with what a Node-RED without an editor or behind a login answers, and another is not', async (t) => {
  for (const [code, type] of [
    [404, 'success'],
    [401, 'success'],
    [302, 'success'],
    [500, 'status_mismatch'],
  ] as const) {
    const url = await serve(t, (_request, response) =>
      response.writeHead(code, { location: 'https://127.0.0.1:9/' }).end(),
    );
    const own = await runner('http://unused.test', { url: undefined, ownPage: () => new URL(url) }).run();
    assert.equal(own?.record.result_type, type, String(code));
    if (code === 404) assert.equal((await runner(url).run())?.record.result_type, 'status_mismatch');
  }
});
