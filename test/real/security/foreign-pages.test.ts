// Risk: a page of another site, open in the browser of somebody who runs this Node-RED, acts in his name.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { hasBrowser, openPage } from '../../support/browser.ts';
import { receiveHttp } from '../../support/graylog.ts';
import { type RunningNodeRed, startByScript, startNodeRed } from '../../support/node-red.ts';
import { real } from '../../support/real.ts';

const ROUTES = [
  '/gelf',
  '/infra-monitoring/graylog-server/test',
  '/infra-monitoring/docker-engine/test',
  '/infra-monitoring/docker-engine/choices/e',
  '/infra-monitoring/docker-engine/choices/e/values',
  '/infra-monitoring/disk-stats/mounts',
];
const ENCODINGS = ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data'];
/** What a page gives away that runs it. */
const SCRIPT = '<script>document.title = "script ran"</script>';
const MARK = 'FORGED-BY-A-PAGE';

/** Another site: `localhost` is none of the names of 127.0.0.1. */
async function openForeignPage(t: TestContext): Promise<Page> {
  const server = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>evil</title>'),
  );
  server.listen(0, 'localhost');
  await once(server, 'listening');
  t.after(() => server.close());
  const page = await openPage(t);
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
  return page;
}

/** Sends a form as a visitor does who was made to press a button, and gives what the browser shows then. */
async function submitForm(page: Page, action: string, encoding: string, fields: Record<string, string>) {
  const home = page.url();
  const answer = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.evaluate(
    ([to, kind, entries]) => {
      const form = document.createElement('form');
      Object.assign(form, { method: 'POST', action: to, enctype: kind });
      for (const [name, value] of entries) {
        const input = document.createElement('input');
        Object.assign(input, { type: 'hidden', name, value });
        form.append(input);
      }
      document.body.append(form);
      form.submit();
    },
    [action, encoding, Object.entries(fields)] as const,
  );
  const response = await answer;
  await page.waitForURL(action);
  const shown = {
    status: response.status(),
    type: (await response.allHeaders())['content-type'],
    title: await page.title(),
  };
  await page.goto(home);
  return shown;
}

/** Tries all that a page can send to `red`; `receiver` is where it wants the saved authorization to go. */
async function attack(t: TestContext, red: RunningNodeRed, attackerUrl: string): Promise<void> {
  const page = await openForeignPage(t);
  const fields = {
    id: 's',
    authorization: '__PWRD__',
    endpoints: attackerUrl,
    host: attackerUrl,
    short_message: MARK,
    [SCRIPT]: SCRIPT,
  };
  for (const route of ROUTES) {
    for (const encoding of ENCODINGS) {
      const { status, title } = await submitForm(page, red.url + route, encoding, fields);
      assert.ok(status >= 400 && status < 500, `${route} answered ${status} to ${encoding}`);
      assert.notEqual(title, 'script ran');
    }
    // What needs no form: a request whose answer the page may not read, with a body that is JSON in all but its name.
    const json = JSON.stringify({ ...fields, version: '1.1' });
    const readable = await page.evaluate(
      async ([url, body]) => {
        const read = async (init: RequestInit): Promise<boolean> => {
          try {
            return (await fetch(url, init)).type !== 'opaque';
          } catch {
            return false;
          }
        };
        return [
          await read({ method: 'POST', mode: 'no-cors', body }),
          await read({ method: 'POST', headers: { 'content-type': 'application/json' }, body }),
          await read({ mode: 'no-cors' }),
          await read({}),
        ];
      },
      [red.url + route, json] as const,
    );
    assert.deepEqual(readable, [false, false, false, false], route);
  }
}

/** What stands in the file of a Node-RED without a Graylog. */
function collected(red: RunningNodeRed): string {
  const file = join(red.userDir, 'infra-monitoring/collected.ndjson');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

test('a page of another site stores nothing, runs nothing and gets no credential, without npm start too', {
  ...real('Chromium', hasBrowser),
  timeout: 120_000,
}, async (t) => {
  const attacker = await receiveHttp(t);
  const red = await startNodeRed(t, { flow: [], env: { LOGGING_URL: '' } });
  await red.api('/flows', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([
      { id: 's', type: 'graylog-server', endpoints: '', host: 'h', credentials: { authorization: 'Bearer saved' } },
      { id: 'e', type: 'docker-engine', host: '', tls: '' },
    ]),
  });
  const url = `http://127.0.0.1:${attacker.port}`;
  await attack(t, red, url);
  assert.equal(attacker.connections, 0);
  assert.doesNotMatch(collected(red), new RegExp(MARK));
  assert.equal(red.process.exitCode, null);
});

test('nor with npm start, where it can change no flow either', {
  ...real('Chromium', hasBrowser),
  timeout: 120_000,
}, async (t) => {
  const attacker = await receiveHttp(t);
  const red = await startByScript(t, { env: { LOGGING_URL: '' } });
  await red.logged(/Started flows/);
  const before = await red.api('/flows');
  const url = `http://127.0.0.1:${attacker.port}`;
  await attack(t, red, url);
  const page = await openForeignPage(t);
  for (const path of ['/flow', '/flows', '/inject/infra0000000tab', '/settings/user']) {
    const fields = { label: MARK, nodes: '[]' };
    for (const encoding of ENCODINGS) {
      assert.equal((await submitForm(page, red.url + path, encoding, fields)).status, 403);
    }
  }
  const opened = await page.evaluate(
    (comms) =>
      new Promise<boolean>((resolve) => {
        const socket = new WebSocket(comms);
        socket.onopen = () => resolve(true);
        socket.onerror = () => resolve(false);
      }),
    `${red.url.replace('http', 'ws')}/comms`,
  );
  assert.equal(opened, false, 'the websocket of the editor');
  assert.deepEqual(await red.api('/flows'), before);
  assert.equal(attacker.connections, 0);
  assert.doesNotMatch(collected(red), new RegExp(MARK));
});
