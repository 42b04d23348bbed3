// Risk: somebody without the right, or a page of another site, reads what this host's logs say, or silences its alerts.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { NIGHT } from '../../support/host-history.ts';
import { startFedNodeRed } from '../../support/monitoring-page.ts';
import { EDITORS } from '../../support/node-reds.ts';
import { PATIENCE_MS, until } from '../../support/until.ts';

const require = createRequire(import.meta.url);
const { hashSync } = createRequire(require.resolve('node-red/red.js'))('bcryptjs') as {
  hashSync(text: string, rounds: number): string;
};
const PASSWORD = 'a-test-pass';

const AUTH = {
  type: 'credentials',
  users: [
    { username: 'boss', password: hashSync(PASSWORD, 4), permissions: '*' },
    { username: 'reader', password: hashSync(PASSWORD, 4), permissions: 'read' },
    { username: 'stranger', password: hashSync(PASSWORD, 4), permissions: ['flows.read'] },
  ],
};
const OWN = { 'content-type': 'application/json', 'x-infra-monitoring': '1' };

async function statusOf(url: string, init: RequestInit = {}): Promise<number> {
  const response = await fetch(url, { redirect: 'manual', ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
  await response.arrayBuffer();
  return response.status;
}

async function tokenOf(root: string, username: string): Promise<{ authorization: string }> {
  const body = new URLSearchParams({
    client_id: 'node-red-admin',
    grant_type: 'password',
    scope: '',
    username,
    password: PASSWORD,
  });
  const response = await fetch(`${root}/auth/token`, { method: 'POST', body });
  const { access_token: token } = (await response.json()) as { access_token: string };
  return { authorization: `Bearer ${token}` };
}

for (const { name, options, skip } of EDITORS) {
  test(`with users, below httpAdminRoot and without an editor, on ${name}`, skip, async (t) => {
    const settings = { adminAuth: AUTH, httpAdminRoot: '/admin', disableEditor: true };
    const red = await startFedNodeRed(t, { ...options, settings });
    const root = red.url;
    const data = `${root}/infra-monitoring/data`;
    await red.feed(NIGHT);
    const [boss, reader, stranger] = await Promise.all(
      ['boss', 'reader', 'stranger'].map((user) => tokenOf(root, user)),
    );

    await t.test('the page is answered to everybody and carries no data', async () => {
      const response = await fetch(`${root}/infra-monitoring/`);
      const html = await response.text();
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.match(response.headers.get('content-security-policy') ?? '', /script-src 'self'/);
      assert.doesNotMatch(html, /shop|alice|203\.0/);
      for (const [, file] of html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)) {
        const loaded = await fetch(new URL(file ?? '', `${root}/infra-monitoring/`));
        assert.equal(loaded.status, 200, file);
        assert.equal(loaded.headers.get('content-encoding'), 'gzip');
        assert.match(loaded.headers.get('cache-control') ?? '', /immutable/);
      }
    });
    await t.test('without its last slash it leads to the one with it, by a relative address', async () => {
      const response = await fetch(`${root}/infra-monitoring`, { redirect: 'manual' });
      assert.equal(response.status, 302);
      assert.equal(response.headers.get('location'), 'infra-monitoring/');
      assert.equal(await statusOf(`${root}/infra-monitoring/page-00000000.js`), 404);
    });
    await t.test('no data route answers without the right to it', async () => {
      for (const path of ['whoami', 'state', 'poll', 'records', 'record?number=1', 'series', 'alerts']) {
        assert.equal(await statusOf(`${data}/${path}`), 401, path);
        if (path !== 'whoami')
          assert.equal(await statusOf(`${data}/${path}`, { headers: stranger as HeadersInit }), 401, path);
        assert.equal(await statusOf(`${data}/${path}`, { headers: reader as HeadersInit }), 200, path);
      }
    });
    await t.test('one route says who asks and what they may', async () => {
      const who = async (headers: object): Promise<object> =>
        (await fetch(`${data}/whoami`, { headers: headers as HeadersInit })).json() as Promise<object>;
      const common = { isAnonymous: false, withNames: true, hasLogIn: true, hasEditor: false };
      assert.deepEqual(await who(boss as object), { ...common, name: 'boss', mayRead: true, mayWrite: true });
      assert.deepEqual(await who(reader as object), { ...common, name: 'reader', mayRead: true, mayWrite: false });
      assert.deepEqual(await who(stranger as object), { ...common, name: 'stranger', mayRead: false, mayWrite: false });
    });
    await t.test('who may only read silences nothing, and who may does', async () => {
      const body = JSON.stringify({ node: 'down', key: 'shop', silence: '1h' });
      const post = (headers: object): Promise<number> =>
        statusOf(`${data}/alert`, { method: 'POST', body, headers: { ...OWN, ...headers } });
      assert.equal(await post({}), 401);
      assert.equal(await post(reader as object), 401);
      assert.equal(await post(boss as object), 200);
      await until(async () => {
        const state = (await (await fetch(`${data}/state`, { headers: boss as HeadersInit })).json()) as {
          ringing: { key: string; silentUntilMs: number | null }[];
        };
        return state.ringing.some(({ key, silentUntilMs }) => key === 'shop' && silentUntilMs !== null);
      });
    });
    await t.test('what another site could send is refused', async () => {
      const body = JSON.stringify({ node: 'down', wake: true });
      const post = (headers: object): Promise<number> =>
        statusOf(`${data}/alert`, { method: 'POST', body, headers: { ...boss, ...headers } as HeadersInit });
      assert.equal(await post({ 'content-type': 'application/json' }), 403, 'no header of our own');
      assert.equal(await post({ ...OWN, 'content-type': 'text/plain' }), 403);
      assert.equal(await post({ ...OWN, origin: 'https://evil.example' }), 403);
      assert.equal(await post({ ...OWN, 'sec-fetch-site': 'cross-site' }), 403);
      for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'same-site' }, { origin: 'null' }])
        assert.equal(
          await statusOf(`${data}/state`, { headers: { ...boss, ...headers } as unknown as HeadersInit }),
          403,
        );
    });
    await t.test('nothing may keep an answer or read it from another site', async () => {
      const { headers } = await fetch(`${data}/state`, { headers: boss as HeadersInit });
      assert.match(headers.get('cache-control') ?? '', /no-store/);
      assert.equal(headers.get('access-control-allow-origin'), null);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
    });
  });
}

test('readers who did not log in see neither names nor addresses, unless an option says so', async (t) => {
  const settings = { adminAuth: { ...AUTH, default: { permissions: 'read' } } };
  for (const [MONITORING_ANONYMOUS, sees] of [
    ['', 'masked'],
    ['full', 'full'],
    ['none', 'none'],
  ] as const) {
    const red = await startFedNodeRed(t, { settings, env: { MONITORING_ANONYMOUS } });
    const data = `${red.url}/infra-monitoring/data`;
    await red.feed(NIGHT);
    if (sees === 'none') {
      assert.equal(await statusOf(`${data}/state`), 403);
      continue;
    }
    let all = '';
    for (const path of [
      'state',
      'records?kind=all',
      'records?kind=logins',
      'records?kind=matters',
      'alerts',
      'poll',
      'series',
    ])
      all += await (await fetch(`${data}/${path}`)).text();
    const personal = /alice|oracle|203\.0\.113|192\.0\.2|docker inspect/;
    if (sees === 'masked') assert.doesNotMatch(all, personal);
    else assert.match(all, personal);
    assert.match(all, /ssh[ _]login[ _]failed/);
    const cursor = (JSON.parse(await (await fetch(`${data}/records?kind=all`)).text()) as { records: [number][] })
      .records;
    for (const [number] of cursor) {
      const record = await (await fetch(`${data}/record?number=${number}`)).text();
      if (sees === 'masked') assert.doesNotMatch(record, personal);
    }
    await red.stop();
  }
});

test('without users it answers by names of this host only', async (t) => {
  const red = await startFedNodeRed(t, { env: { MONITORING_ALLOWED_HOSTS: 'watch.example.org' } });
  const { port } = new URL(red.url);
  const { request } = await import('node:http');
  const ask = (host: string, more: object = {}): Promise<number> =>
    new Promise((resolve, reject) => {
      request(
        { host: '127.0.0.1', port, path: '/infra-monitoring/data/whoami', headers: { host, ...more } },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      )
        .on('error', reject)
        .end();
    });
  for (const host of [`127.0.0.1:${port}`, 'localhost', '[::1]:1880', '192.0.2.7', 'watch.example.org'])
    assert.equal(await ask(host), 200, host);
  for (const host of ['evil.example', 'evil.example:1880', '127.0.0.1.evil.example', 'localhost.evil.example'])
    assert.equal(await ask(host), 403, host);
  assert.equal(await ask('shop.example', { authorization: 'Basic eDp5' }), 200, 'a proxy has asked for a password');
});
