// Risk: who may not, or what is no request of a dialog, gets through a route of the admin API.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { packageRoot, type RunningNodeRed, startNodeRed } from '../../support/node-red.ts';

interface Bcrypt {
  hashSync(text: string, rounds: number): string;
}

const ROUTES = [
  { method: 'POST', path: '/infra-monitoring/graylog-server/test', reader: 401 },
  { method: 'POST', path: '/infra-monitoring/docker-engine/test', reader: 401 },
  { method: 'POST', path: '/infra-monitoring/http-check/check', reader: 401 },
  { method: 'GET', path: '/infra-monitoring/docker-engine/choices/e', reader: 200 },
  { method: 'GET', path: '/infra-monitoring/docker-engine/choices/e/values', reader: 401 },
  { method: 'GET', path: '/infra-monitoring/disk-stats/mounts', reader: 200 },
  { method: 'GET', path: '/infra-monitoring/values', reader: 200 },
  { method: 'POST', path: '/infra-monitoring/record-filter/preview', reader: 200 },
];

/** A Node-RED with an administrator and one who may only read; the flow has the nodes that the routes ask about. */
async function startWithUsers(t: TestContext): Promise<RunningNodeRed> {
  const bcrypt = createRequire(join(packageRoot, 'node_modules/node-red/red.js'))('bcryptjs') as Bcrypt;
  const user = (username: string, permissions: string) => ({
    username,
    permissions,
    password: bcrypt.hashSync(username, 4),
  });
  return startNodeRed(t, {
    flow: [
      { id: 's', type: 'graylog-server', endpoints: 'file:', host: 'h' },
      { id: 'e', type: 'docker-engine', host: 'unix:///nowhere', tls: '' },
    ],
    settings: { adminAuth: { type: 'credentials', users: [user('root', '*'), user('reader', 'read')] } },
  });
}

async function tokenOf(red: RunningNodeRed, name: string): Promise<string> {
  const who = { client_id: 'node-red-admin', grant_type: 'password', scope: '', username: name, password: name };
  const answer = await fetch(`${red.url}/auth/token`, { method: 'POST', body: new URLSearchParams(who) });
  return ((await answer.json()) as { access_token: string }).access_token;
}

test('a route asks for its permission: nobody without a token, and who may read does not test', async (t) => {
  const red = await startWithUsers(t);
  const ask = async ({ method, path }: { method: string; path: string }, token?: string): Promise<number> => {
    const headers = {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const body = method === 'POST' ? '{"endpoints":"file:"}' : null;
    return (await fetch(red.url + path, { method, headers, body })).status;
  };
  const [root, reader] = [await tokenOf(red, 'root'), await tokenOf(red, 'reader')];
  for (const route of ROUTES) {
    assert.equal(await ask(route), 401, `${route.path} without a token`);
    assert.equal(await ask(route, 'x'.repeat(40)), 401, `${route.path} with a wrong token`);
    assert.equal(await ask(route, reader), route.reader, `${route.path} for a reader`);
    assert.equal(await ask(route, root), 200, `${route.path} for the administrator`);
  }
});

test('no body ends Node-RED or holds it up for a second', { timeout: 60_000 }, async (t) => {
  const red = await startNodeRed(t, {
    flow: [{ id: 's', type: 'graylog-server', endpoints: 'file:', host: 'h' }],
  });
  await red.logged(/Started flows/);
  const deep = (levels: number): string => '{"a":'.repeat(levels) + '1'.concat('}'.repeat(levels));
  const bodies: [string, string | Buffer, string?][] = [
    ['application/json', deep(100_000)],
    ['application/json', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['application/json', JSON.stringify({ endpoints: 'x'.repeat(5_000_000) })],
    ['application/json', JSON.stringify({ endpoints: '127.0.0.1:9,'.repeat(5_000) })],
    ['application/json', '{"endpoints":'],
    ['application/json', 'null'],
    ['application/json', gzipSync(Buffer.alloc(50_000_000, 32)), 'gzip'],
    ['application/octet-stream', Buffer.alloc(5_000_000, 255)],
    ['application/x-www-form-urlencoded', 'a[b][c][d]=1&'.repeat(10_000)],
    ['text/plain', '<script>1</script>'],
  ];
  let slowest = 0;
  const post = async (path: string, [type, body, encoding]: (typeof bodies)[number]): Promise<void> => {
    const headers = { 'content-type': type, ...(encoding === undefined ? {} : { 'content-encoding': encoding }) };
    const answer = await fetch(red.url + path, { method: 'POST', headers, body: body as BodyInit }).catch(
      () => undefined,
    );
    assert.doesNotMatch((await answer?.text().catch(() => '')) ?? '', /<script>/);
  };
  for (const path of ['/gelf', '/infra-monitoring/graylog-server/test', '/infra-monitoring/docker-engine/test']) {
    for (const body of bodies) {
      const sent = Promise.all(Array.from({ length: 4 }, () => post(path, body)));
      const startedMs = performance.now();
      await red.api('/settings');
      slowest = Math.max(slowest, performance.now() - startedMs);
      await sent;
    }
  }
  assert.equal(red.process.exitCode, null);
  assert.ok(slowest < 1_000, `Node-RED answered after ${Math.round(slowest)} ms`);
  t.diagnostic(`the slowest answer took ${Math.round(slowest)} ms`);
});
