import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { NodeAPI } from 'node-red';
import httpCheck from '../../nodes/http-check/http-check.ts';
import { runFlow } from '../support/flow.ts';

const ROUTE = '/infra-monitoring/http-check/check';
/** What the editor sends for a credential that is set and not changed. */
const UNCHANGED = '__PWRD__';

interface Posting extends Promise<{ body: unknown }> {
  send(body: object): Posting;
}

const helper = createRequire(import.meta.url)('node-red-node-test-helper') as {
  request(): { post(path: string): Posting };
};

interface Outcome {
  text?: string;
  isGood?: boolean;
  fault?: string;
}

/** Registers the node with words for people: a key of the catalogue and its values. */
function register(RED: NodeAPI): void {
  const words = (key: string, values: object = {}): string => `${key} ${Object.values(values).join(' ')}`.trim();
  httpCheck(Object.create(RED, { _: { value: words } }) as NodeAPI);
}

interface Server {
  readonly url: string;
  readonly authorizations: (string | undefined)[];
}

async function serve(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => unknown = (_, response) =>
    response.end('all is well'),
): Promise<Server> {
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close().closeAllConnections());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, authorizations };
}

/** A deployed check with a saved password and token; gives what presses "Check now". */
async function deploy(t: TestContext, url = 'http://127.0.0.1:9/') {
  const node = { id: 'n', z: 'f', type: 'http-check', url, interval: '0', authType: 'basic', wires: [[], []] };
  await runFlow(t, [register], [{ id: 'f', type: 'tab' }, node], {
    credentials: { n: { user: 'me', password: 'saved', token: 'saved-token' } },
  });
  return async (dialog: object): Promise<Outcome> => {
    const { body } = await helper
      .request()
      .post(ROUTE)
      .send({ id: 'n', ...dialog });
    return body as Outcome;
  };
}

const basic = (password: string): string => `Basic ${Buffer.from(`me:${password}`).toString('base64')}`;

test('"Check now" runs the dialog as it stands and tells code and time, or what is wrong', async (t) => {
  const server = await serve(t, (request, response) => {
    response.statusCode = request.url === '/away' ? 503 : 200;
    response.end(`all is well at ${request.url} ${request.method}`);
  });
  const press = await deploy(t);
  const good = await press({
    url: server.url,
    method: 'POST',
    matchType: 'contains',
    match: 'well at / POST',
    body: 'x',
  });
  assert.equal(good.isGood, true);
  assert.match(good.text ?? '', /^http-check\.message\.answered 200 \d+$/);
  for (const [dialog, said] of [
    [{ url: `${server.url}away` }, /^http-check\.mismatch\.code 503; http-check\.message\.answered 503 \d+$/],
    [{ url: server.url, matchType: 'contains', match: 'wrong' }, /mismatch\.containsNot wrong; .*answered 200/],
    [{ url: server.url, matchType: 'jsonata', match: '1 = 2' }, /mismatch\.isNotTrue 1 = 2/],
    [{ url: 'http://127.0.0.1:9/' }, /ECONNREFUSED/],
    [{ url: 'ftp://127.0.0.1/' }, /^http-check\.check\.wrong http-check\.label\.url$/],
    [{ url: server.url, retries: 'x' }, /check\.wrong http-check\.label\.retries/],
    [{ url: server.url, authType: 'basic', user: '', password: '' }, /check\.wrong http-check\.status\.noCredentials/],
  ] as const) {
    const { isGood, text } = await press(dialog);
    assert.match(text ?? '', said);
    assert.equal(isGood, false, text);
  }
});

test('a saved password or token goes to the deployed origin, and to no other scheme, host or port', async (t) => {
  const [own, other] = [await serve(t), await serve(t)];
  const press = await deploy(t, own.url);
  assert.equal((await press({ url: `${own.url}x`, authType: 'basic', user: 'me', password: UNCHANGED })).isGood, true);
  assert.equal((await press({ url: own.url, authType: 'bearer', token: UNCHANGED })).isGood, true);
  assert.deepEqual(own.authorizations, [basic('saved'), 'Bearer saved-token']);
  const port = new URL(own.url).port;
  for (const url of [
    other.url,
    `http://localhost:${port}/`,
    `https://127.0.0.1:${port}/`,
    `http://127.0.0.2:${port}/`,
    '',
  ]) {
    const { fault } = await press({ url, authType: 'basic', user: 'me', password: UNCHANGED });
    assert.match(fault ?? '', /CREDENTIAL_WITHHELD/, url);
  }
  assert.match((await press({ id: 'x', url: own.url, authType: 'bearer', token: UNCHANGED })).fault ?? '', /WITHHELD/);
  assert.equal((await press({ url: other.url, authType: 'basic', user: 'me', password: 'typed' })).isGood, true);
  assert.deepEqual(other.authorizations, [basic('typed')]);
  assert.equal(own.authorizations.length, 2);
});

test('a redirect takes nothing of the dialog to another server', async (t) => {
  const other = await serve(t);
  const own = await serve(t, (_, response) => response.writeHead(302, { location: other.url }).end());
  const press = await deploy(t, own.url);
  const { isGood } = await press({ url: own.url, authType: 'basic', user: 'me', password: UNCHANGED });
  assert.equal(isGood, true);
  assert.deepEqual([own.authorizations, other.authorizations], [[basic('saved')], [undefined]]);
});

test('Check now reads no variable but that of the URL, and no context', async (t) => {
  const server = await serve(t, (_, response) => response.setHeader('content-type', 'application/json').end('{}'));
  process.env.HTTP_CHECK_URL = server.url;
  process.env.CHECK_SECRET = 'x';
  t.after(() => {
    delete process.env.HTTP_CHECK_URL;
    delete process.env.CHECK_SECRET;
  });
  const press = await deploy(t);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what a person types for a variable
  const [known, secret] = ['${HTTP_CHECK_URL}', '${CHECK_SECRET}'];
  assert.equal((await press({ url: known })).isGood, true);
  assert.equal((await press({ url: '' })).isGood, true);
  for (const dialog of [
    { url: secret },
    { url: server.url, headers: secret },
    { url: server.url, body: secret },
    { url: server.url, authType: 'bearer', token: secret },
    { url: server.url, matchType: 'contains', match: secret },
  ])
    assert.match((await press(dialog)).fault ?? '', /VARIABLE_NOT_READ CHECK_SECRET/, JSON.stringify(dialog));
  for (const match of ['$env("CHECK_SECRET") = "x"', '$flowContext("a") = "x"', '$globalContext("a") = "x"'])
    assert.notEqual((await press({ url: server.url, matchType: 'jsonata', match })).isGood, true, match);
  assert.equal((await press({ url: server.url, matchType: 'jsonata', match: '1 = 1' })).isGood, true);
});

test('what is no dialog is answered in words', async (t) => {
  const press = await deploy(t);
  for (const body of [{ url: 5 }, { url: {}, retries: [] }, { tls: 'gone', url: 'http://127.0.0.1:9/' }]) {
    const { text, fault } = await press(body);
    assert.notEqual(text ?? fault ?? '', '');
  }
});
