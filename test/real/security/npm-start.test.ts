// Risk: who is not meant to reaches the Node-RED that npm start runs, and with it the host.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../support/folder.ts';
import { logLines, packageRoot, startByScript } from '../../support/node-red.ts';

/** The status of a request, with headers that `fetch` does not let through. */
async function statusOf(
  url: string,
  headers: Record<string, string | undefined>,
  method = 'GET',
): Promise<number | undefined> {
  const asked = request(url, { method, headers: JSON.parse(JSON.stringify(headers)), agent: false });
  asked.end();
  const [response] = (await once(asked, 'response')) as [import('node:http').IncomingMessage];
  response.resume();
  return response.statusCode;
}

/** Asks for a token, as the editor does for who logs in. */
function logIn(url: string, password: string): Promise<Response> {
  const who = { client_id: 'node-red-admin', grant_type: 'password', scope: '*', username: 'admin', password };
  return fetch(`${url}/auth/token`, { method: 'POST', body: new URLSearchParams(who) });
}

/** What `npm start` says and ends with where it must not come up. */
async function refusedStart(args: string[], env: NodeJS.ProcessEnv, userDir = temporaryFolder()) {
  const script = join(packageRoot, 'scripts/start.js');
  const child = spawn(process.execPath, [script, '--port', '0', '--userDir', userDir, ...args], {
    cwd: userDir,
    env: { ...process.env, LOGGING_URL: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
  const [code] = (await once(child, 'close')) as [number];
  return { code, said, userDir };
}

test('foreign names and what other sites send are refused, each name is said once, and the editor works', async (t) => {
  const red = await startByScript(t, { env: { LOGGING_URL: '', MONITORING_ALLOWED_HOSTS: 'red.example' } });
  // Node-RED listens before it has flows.
  await red.logged(/Started flows/);
  assert.equal(await statusOf(red.url, {}), 200);
  assert.equal(await statusOf(red.url, { host: 'red.example' }), 200);
  assert.equal(await statusOf(red.url, { host: 'evil.example' }), 403);
  assert.equal(await statusOf(`${red.url}/flows`, { host: 'evil.example' }), 403);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  for (const path of ['/flow', '/flows', '/gelf', '/infra-monitoring/graylog-server/test', '/nodes']) {
    for (const from of [{ origin: 'http://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      assert.equal(await statusOf(red.url + path, { ...form, ...from }, 'POST'), 403);
    }
  }
  const flows = await red.api<unknown[]>('/flows');
  await red.api('/flows', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: red.url },
    body: JSON.stringify(flows),
  });
  assert.equal(logLines(red, /evil\.example.*MONITORING_ALLOWED_HOSTS/).length, 1);
});

for (const [name, args] of [
  ['-D', ['-D', 'uiHost=0.0.0.0']],
  ['a spelling that only Node-RED understands', ['--def', 'uiHost="0.0.0.0"']],
] as const) {
  test(`without a password and a terminal it does not listen on every address, told by ${name}`, async () => {
    const { code, said } = await refusedStart([...args], { MONITORING_PASSWORD: '' });
    assert.equal(code, 1);
    assert.match(said, /would listen on "?0\.0\.0\.0"? without a password[\s\S]*MONITORING_PASSWORD/);
    assert.doesNotMatch(said, /Server now running/);
  });
}

test('nor where the settings of the user directory say so, and then nothing is deployed', async () => {
  const userDir = temporaryFolder();
  writeFileSync(join(userDir, 'package.json'), '{}');
  writeFileSync(join(userDir, 'settings.js'), "module.exports = { uiHost: '::', flowFile: 'flows.json' };");
  const { code, said } = await refusedStart([], {}, userDir);
  assert.equal(code, 1);
  assert.match(said, /would listen on :: without a password/);
  assert.equal(existsSync(join(userDir, 'flows.json')), false);
});

test('a password file that cannot be read ends the start', async () => {
  const { code, said } = await refusedStart([], { MONITORING_PASSWORD_FILE: '/nowhere/password' });
  assert.equal(code, 1);
  assert.match(said, /MONITORING_PASSWORD_FILE names a file that cannot be read/);
});

test('with a password it listens on every address, and lets nobody in without it', async (t) => {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'password'), 's3cret-of-the-test\n');
  const red = await startByScript(t, {
    args: ['-D', 'uiHost=0.0.0.0'],
    env: { LOGGING_URL: '', MONITORING_PASSWORD: '', MONITORING_PASSWORD_FILE: join(folder, 'password') },
  });
  await red.logged(/Started flows/);
  const url = red.url.replace('0.0.0.0', '127.0.0.1');
  assert.equal(await statusOf(`${url}/flows`, {}), 401);
  assert.equal((await logIn(url, 'wrong')).status, 403);
  const { access_token: token } = (await (await logIn(url, 's3cret-of-the-test')).json()) as { access_token: string };
  assert.equal(await statusOf(`${url}/flows`, { authorization: `Bearer ${token}` }), 200);
  assert.doesNotMatch(red.log(), /s3cret/);
});

test("a log-in of the user's own settings stays as it is", async (t) => {
  const userDir = temporaryFolder();
  writeFileSync(join(userDir, 'package.json'), '{}');
  const users = [{ username: 'me', password: 'no-hash', permissions: '*' }];
  const settings = { flowFile: 'flows.json', adminAuth: { type: 'credentials', users } };
  writeFileSync(join(userDir, 'settings.js'), `module.exports = ${JSON.stringify(settings)};`);
  const red = await startByScript(t, { userDir, env: { LOGGING_URL: '', MONITORING_PASSWORD: 's3cret' } });
  assert.equal(await statusOf(`${red.url}/flows`, {}), 401);
  assert.equal((await logIn(red.url, 's3cret')).status, 403);
});
