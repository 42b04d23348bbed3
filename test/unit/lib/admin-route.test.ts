import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AdminRequest, type AdminRoute, adminRoute, quoted } from '../../../lib/admin-route.ts';

type Handler = (request: AdminRequest, response: object, next: () => void) => unknown;

/** A route as Node-RED has it after its registration: what a request with these headers is answered. */
function registered(route: Partial<AdminRoute>) {
  const permissions: string[] = [];
  let handler: Handler = () => undefined;
  const take = (_path: string, ...handlers: unknown[]): void => {
    handler = handlers.at(-1) as Handler;
  };
  adminRoute(
    {
      _: (key, values = {}) => `${key} ${JSON.stringify(values)}`,
      auth: {
        needsPermission: (name) => {
          permissions.push(name);
          return () => undefined;
        },
      },
      httpAdmin: { get: take, post: take },
    },
    { method: 'post', path: '/p', permission: 'n.write', answer: () => 'answered', ...route },
  );
  const ask = async (headers: object, body: unknown = {}): Promise<{ status: number; body: unknown }> => {
    const answer: { status: number; body: unknown; headersSent: boolean } = {
      status: 200,
      body: undefined,
      headersSent: false,
    };
    const response = {
      set: () => undefined,
      status: (code: number) => {
        answer.status = code;
      },
      json: (value: unknown) => {
        answer.body = JSON.parse(JSON.stringify(value));
      },
      get headersSent() {
        return answer.body !== undefined;
      },
    };
    await handler({ headers: headers as AdminRequest['headers'], body, params: {} }, response, () => undefined);
    return { status: answer.status, body: answer.body };
  };
  return { ask, permissions };
}

const JSON_BODY = { 'content-type': 'application/json', 'content-length': '2', host: '127.0.0.1:1880' };

test('a route asks for its permission and answers JSON from JSON', async () => {
  const { ask, permissions } = registered({});
  assert.deepEqual(permissions, ['n.write']);
  assert.deepEqual(await ask(JSON_BODY), { status: 200, body: 'answered' });
  assert.equal((await ask({ ...JSON_BODY, 'content-type': 'Application/JSON; charset=utf-8' })).status, 200);
});

for (const type of [
  undefined,
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'application/jsonx',
]) {
  test(`a body of type ${type} is refused with 415`, async () => {
    const { status, body } = await registered({}).ask({ ...JSON_BODY, 'content-type': type });
    assert.equal(status, 415);
    assert.match(JSON.stringify(body), /BODY_NOT_JSON/);
  });
}

test('a packed body is refused with 415, a large one or one without a length with 413', async () => {
  const { ask } = registered({});
  assert.equal((await ask({ ...JSON_BODY, 'content-encoding': 'gzip' })).status, 415);
  assert.equal((await ask({ ...JSON_BODY, 'content-length': '65537' })).status, 413);
  assert.equal((await ask({ ...JSON_BODY, 'content-length': undefined })).status, 413);
});

for (const [name, headers] of [
  ['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site' }],
  ['Sec-Fetch-Site: same-site', { 'sec-fetch-site': 'same-site' }],
  ['another origin', { origin: 'http://evil.example' }],
  ['the same host with another port as origin', { origin: 'http://127.0.0.1:1881' }],
  ['a hidden origin', { origin: 'null' }],
] as const) {
  test(`${name} is refused with 403, for reading too`, async () => {
    for (const method of ['get', 'post'] as const) {
      const { status, body } = await registered({ method }).ask({ ...JSON_BODY, ...headers });
      assert.equal(status, 403);
      assert.match(JSON.stringify(body), /FOREIGN_REQUEST/);
    }
  });
}

for (const [name, headers] of [
  ['the editor itself', { 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:1880' }],
  ['the editor behind a proxy that changes Host', { 'sec-fetch-site': 'same-origin', origin: 'https://red.example' }],
  ['an older browser', { origin: 'http://127.0.0.1:1880' }],
  ['an older browser behind a proxy', { origin: 'https://red.example', 'x-forwarded-host': 'red.example' }],
] as const) {
  test(`${name} is answered`, async () => {
    assert.equal((await registered({}).ask({ ...JSON_BODY, ...headers })).status, 200);
  });
}

test('what a route throws, in this turn or later, is answered in words and with status 500', async () => {
  const failure = new Error(`boom\n\u001b[31m${'x'.repeat(500)}`);
  const routes: AdminRoute['answer'][] = [
    () => {
      throw failure;
    },
    () => Promise.reject(failure),
  ];
  for (const answer of routes) {
    const { status, body } = await registered({ answer }).ask(JSON_BODY);
    const { fault } = body as { fault: string };
    assert.equal(status, 500);
    assert.match(fault, /^boom\\n\\x1b\[31mxxx.*…$/);
    assert.equal(fault.length, 200);
  }
  const circle: { self?: object } = {};
  circle.self = circle;
  assert.equal((await registered({ answer: () => circle }).ask(JSON_BODY)).status, 500);
});

test('`quoted()` leaves a short text as it is', () => {
  assert.equal(quoted('a'.repeat(200)), 'a'.repeat(200));
});
