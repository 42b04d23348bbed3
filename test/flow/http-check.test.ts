import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import type { InfraRecord } from '../../lib/record.ts';
import { StatusReporter } from '../../lib/status.ts';
import register from '../../nodes/http-check/http-check.ts';
import { selfSigned } from '../support/certificate.ts';
import { runFlow } from '../support/flow.ts';
import { temporaryFolder } from '../support/folder.ts';
import { serve, serveTcp, serveTls } from '../support/http-servers.ts';
import { answerAfter } from '../support/pace.ts';
import { freePort } from '../support/ports.ts';
import { program, real } from '../support/real.ts';

const ends = [
  { id: 'out', z: 'f', type: 'helper' },
  { id: 'change', z: 'f', type: 'helper' },
  { id: 'f', type: 'tab' },
];

function check(config: object): object {
  return {
    id: 'h',
    z: 'f',
    type: 'http-check',
    interval: '0',
    checkName: 'web',
    wires: [['out'], ['change']],
    ...config,
  };
}

const receive = (flow: { node(id: string): { receive(msg: never): void } }, msg: object): void =>
  flow.node('h').receive(msg as never);

test('http-check sends a record of its endpoint when the flow starts', async (t) => {
  const url = await serve(t, (_request, response) => response.end('hello'));
  const flow = await runFlow(t, [register], [check({ url, interval: '60' }), ...ends]);
  const msg = await flow.next('out');
  const payload = msg.payload as InfraRecord;
  assert.equal(msg.topic, 'http/web');
  assert.equal(payload.log_type, 'http_check');
  assert.equal(payload.result_type, 'success');
  assert.equal(payload.http_response_code, 200);
  assert.equal(payload.http_response_body, 'hello');
  assert.equal(payload.check_state, 'up');
  assert.equal(payload.level, 6);
});

test('http-check puts its record into the msg that arrives, asks its url with its headers, and completes it once', async (t) => {
  const url = await serve(t, (request, response) => response.end(`${request.url} ${request.headers['x-mine']}`));
  const flow = await runFlow(
    t,
    [register],
    [
      check({ url: 'http://127.0.0.1:9/' }),
      { id: 'c', z: 'f', type: 'complete', scope: ['h'], wires: [['completed']] },
      { id: 'completed', z: 'f', type: 'helper' },
      ...ends,
    ],
  );
  const both = Promise.all([flow.next('out'), flow.next('completed')]);
  receive(flow, { url: `${url}/mine`, headers: { 'X-Mine': 'seven' }, mine: 7 });
  const [out] = await both;
  assert.equal(out.mine, 7);
  assert.equal((out.payload as InfraRecord).http_response_body, '/mine seven');
});

test('http-check tells an endpoint that refuses by a record and, after its retries, by a change of state', async (t) => {
  const port = await freePort();
  const flow = await runFlow(t, [register], [check({ url: `http://127.0.0.1:${port}`, retries: '1' }), ...ends]);
  const first = flow.next('out');
  receive(flow, {});
  const retried = (await first).payload as InfraRecord;
  assert.equal(retried.result_type, 'connection_failed');
  assert.deepEqual([retried.check_state, retried.level, retried.consecutive_failures], ['up', 4, 1]);
  const change = flow.next('change');
  receive(flow, {});
  const down = (await change).payload as InfraRecord;
  assert.deepEqual([down.check_state, down.level, down.consecutive_failures], ['down', 3, 2]);
});

test('http-check without a URL asks the page of its own Node-RED', async (t) => {
  const flow = await runFlow(t, [register], [check({ url: `\${HTTP_CHECK_URL}`, interval: '60' }), ...ends]);
  const { payload } = await flow.next('out');
  assert.match(String((payload as InfraRecord).http_url), /^http:\/\/127\.0\.0\.1:\d+\//);
  assert.equal((payload as InfraRecord).http_redirect_count, 0);
});

test('http-check with a wrong setting says so and refuses what arrives', async (t) => {
  const flow = await runFlow(
    t,
    [register],
    [
      check({ url: 'ftp://example.org' }),
      { id: 'e', z: 'f', type: 'catch', scope: ['h'], wires: [['caught']] },
      { id: 'caught', z: 'f', type: 'helper' },
      ...ends,
    ],
  );
  const caught = flow.nextError('caught', /NOT_CONFIGURED/);
  receive(flow, {});
  await caught;
});

test('http-check tells after a restart that what was down is up again, and since when it was down', async (t) => {
  const userDir = temporaryFolder();
  const port = await freePort();
  const nodes = [check({ url: `http://127.0.0.1:${port}/`, retries: '0' }), ...ends];
  const first = await runFlow(t, [register], nodes, { userDir });
  const down = first.next('change');
  receive(first, {});
  assert.equal(((await down).payload as InfraRecord).check_state, 'down');
  await first.stop();
  const server = createServer((_request, response) => response.end()).listen(port, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const second = await runFlow(t, [register], nodes, { userDir });
  const up = second.next('change');
  receive(second, {});
  const payload = (await up).payload as InfraRecord;
  assert.equal(payload.check_state, 'up');
  assert.match(payload.message, /message\.answered.*message\.upAgain/);
  assert.equal(typeof payload.check_down_seconds, 'number');
});

test('http-check names a wrong code, a wrong body and a slow answer', async (t) => {
  const url = await serve(t, (request, response) => {
    const answer = (): unknown => response.writeHead(request.url === '/code' ? 503 : 200).end('all good');
    if (request.url === '/slow') answerAfter(60, answer);
    else answer();
  });
  const config = { url, accept: '200', matchType: 'matches', match: '^all', maxTime: '50' };
  const flow = await runFlow(t, [register], [check(config), ...ends]);
  const ask = async (path: string): Promise<unknown> => {
    const next = flow.next('out');
    receive(flow, { url: `${url}${path}` });
    return ((await next).payload as InfraRecord).result_type;
  };
  assert.equal(await ask('/code'), 'status_mismatch');
  assert.equal(await ask('/slow'), 'too_slow');
});

test('http-check finds what a body must not contain', async (t) => {
  const url = await serve(t, (_request, response) => response.end('an error occurred'));
  const flow = await runFlow(t, [register], [check({ url, matchType: 'excludes', match: 'error' }), ...ends]);
  const out = flow.next('out');
  receive(flow, {});
  const { result_type, message } = (await out).payload as InfraRecord;
  assert.equal(result_type, 'body_mismatch');
  assert.match(message, /mismatch\.contains /);
});

test('http-check judges the body by JSONata', async (t) => {
  let status = 'green';
  const url = await serve(t, (_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ status, nodes: [1, 2] }));
  });
  const match = 'status = "green" and $count(nodes) > 1';
  const flow = await runFlow(t, [register], [check({ url, matchType: 'jsonata', match }), ...ends]);
  const ask = async (): Promise<InfraRecord> => {
    const next = flow.next('out');
    receive(flow, {});
    return (await next).payload as InfraRecord;
  };
  assert.equal((await ask()).result_type, 'success');
  status = 'red';
  const failed = await ask();
  assert.equal(failed.result_type, 'body_mismatch');
  assert.match(failed.message, /mismatch\.isNotTrue /);
});

test('http-check refuses a JSONata expression that cannot be parsed', async (t) => {
  const config = { url: 'http://127.0.0.1:9', matchType: 'jsonata', match: 'status = = 1' };
  const flow = await runFlow(
    t,
    [register],
    [
      check(config),
      { id: 's', z: 'f', type: 'catch', wires: [['caught']] },
      { id: 'caught', z: 'f', type: 'helper' },
      ...ends,
    ],
  );
  const caught = flow.nextError('caught', /NOT_CONFIGURED/);
  receive(flow, {});
  await caught;
});

test('http-check logs in with its credentials and sends the payload as the body', async (t) => {
  const url = await serve(t, async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.end(`${request.method} ${request.headers.authorization} ${body}`);
  });
  const config = { url, method: 'POST', authType: 'basic', bodyFromPayload: true };
  const credentials = { h: { user: 'ann', password: 'größe' } };
  const flow = await runFlow(t, [register], [check(config), ...ends], { credentials });
  const out = flow.next('out');
  receive(flow, { payload: { a: 1 } });
  const expected = `POST Basic ${Buffer.from('ann:größe').toString('base64')} {"a":1}`;
  assert.equal(((await out).payload as InfraRecord).http_response_body, expected);
});

test(
  'http-check trusts the authority of its tls-config',
  real('openssl', program('openssl') !== undefined),
  async (t) => {
    const tlsConfig = createRequire(import.meta.url)('@node-red/nodes/core/network/05-tls.js');
    const certificate = selfSigned(undefined, 5);
    const ca = join(temporaryFolder(), 'ca.pem');
    writeFileSync(ca, certificate.cert);
    const url = await serveTls(t, certificate, (_request, response) => response.end('in'));
    const tls = { id: 'tls', type: 'tls-config', cert: '', key: '', ca, verifyservercert: true, caname: 'ca.pem' };
    const flow = await runFlow(t, [tlsConfig, register], [tls, check({ url, tls: 'tls' }), ...ends]);
    const out = flow.next('out');
    receive(flow, {});
    const payload = (await out).payload as InfraRecord;
    assert.deepEqual([payload.result_type, payload.tls_days_left, payload.level], ['success', 5, 4]);
    assert.equal(typeof payload.http_tls_ms, 'number');
  },
);

test('http-check never runs a check of its own beside another, and answers msgs in their order', async (t) => {
  let [running, most] = [0, 0];
  const url = await serve(t, (request, response) => {
    running += 1;
    most = Math.max(most, running);
    answerAfter(20, () => {
      running -= 1;
      response.end(request.url);
    });
  });
  const flow = await runFlow(t, [register], [check({ url, interval: '1' }), ...ends]);
  const seen: unknown[] = [];
  const done = new Promise<void>((resolve) => {
    flow.node('out').on('input', (msg) => {
      if ('n' in msg) seen.push(msg.n);
      if (seen.length === 5) resolve();
    });
  });
  for (let n = 1; n <= 5; n += 1) receive(flow, { n, url: `${url}/${n}` });
  await done;
  assert.deepEqual(seen, [1, 2, 3, 4, 5]);
  assert.equal(most, 1);
});

test('a check that hangs delays neither another check nor a redeploy', async (t) => {
  const port = await serveTcp(t, () => undefined);
  const url = await serve(t, (_request, response) => response.end());
  const hanging = check({
    id: 'hanging',
    url: `http://127.0.0.1:${port}`,
    interval: '1',
    timeout: '60',
    wires: [[], []],
  });
  const nodes = [hanging, check({ url, interval: '1' }), ...ends];
  const flow = await runFlow(t, [register], nodes);
  assert.ok(Number(((await flow.next('out')).payload as InfraRecord).http_response_time_ms) < 1_000);
  const began = performance.now();
  await flow.redeploy(ends);
  assert.ok(performance.now() - began < 3_000);
});

test('http-check refuses a msg.url and msg.headers that are none', async (t) => {
  const flow = await runFlow(
    t,
    [register],
    [
      check({ url: 'http://127.0.0.1:9' }),
      { id: 'e', z: 'f', type: 'catch', scope: ['h'], wires: [['caught']] },
      { id: 'caught', z: 'f', type: 'helper' },
      ...ends,
    ],
  );
  for (const [msg, key] of [
    [{ url: 'example.org' }, /BAD_MSG_URL/],
    [{ headers: { a: 'b\r\nc: d' } }, /BAD_MSG_HEADERS/],
  ] as const) {
    const caught = flow.next('caught');
    receive(flow, msg);
    assert.match(JSON.stringify((await caught).error), key);
  }
});

test("http-check gives nothing of its dialog to the msg.url of another origin, and its msg's headers to that alone", async (t) => {
  const seen: string[] = [];
  const keep = (request: IncomingMessage, response: ServerResponse): void => {
    seen.push(request.rawHeaders.join(' '));
    response.end();
  };
  const [own, other] = [await serve(t, keep), await serve(t, keep)];
  // The headers of a flow of 0.1.0 are properties; the body is where it is now.
  const config = { url: own, method: 'POST', authType: 'bearer', headers: 'X-Api-Key: MARKED' };
  const credentials = { h: { token: 'MARKED', body: 'MARKED' } };
  const flow = await runFlow(t, [register], [check(config), ...ends], { credentials });
  for (const url of [`${own}/mine`, other]) {
    const out = flow.next('out');
    receive(flow, { url, headers: { 'X-Mine': 'seven' } });
    await out;
  }
  const [first = '', second = ''] = seen;
  assert.match(first, /Bearer MARKED.*MARKED.*seven|seven.*MARKED/i);
  assert.match(second, /seven/);
  assert.doesNotMatch(second, /MARKED|content-length: [1-9]/i);
});

test('http-check with a wrong URL or wrong headers says so without quoting them', async (t) => {
  for (const [config, credentials, field] of [
    [{ url: 'htp://ann:MARKED@host/' }, {}, 'url'],
    [{ url: 'http://127.0.0.1:9', headers: 'MARKED' }, {}, 'headers'],
    [{ url: 'http://127.0.0.1:9' }, { h: { headers: 'MARKED' } }, 'headers'],
  ] as const) {
    const seen: unknown[] = [];
    const original = StatusReporter.prototype.report;
    t.mock.method(
      StatusReporter.prototype,
      'report',
      function (this: StatusReporter, ...words: Parameters<typeof original>) {
        seen.push(words);
        return original.apply(this, words);
      },
    );
    const flow = await runFlow(t, [register], [check(config), ...ends], { credentials });
    await flow.stop();
    assert.match(JSON.stringify(seen), new RegExp(`wrongUnquoted.*"${field}"`));
    assert.doesNotMatch(JSON.stringify(seen), /MARKED/);
    t.mock.restoreAll();
  }
});

test('a JSONata expression of http-check knows the variables and contexts of its flow', async (t) => {
  process.env.HTTP_CHECK_TEST = 'green';
  t.after(() => delete process.env.HTTP_CHECK_TEST);
  const url = await serve(t, (_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"status":"green"}');
  });
  const match = 'status = $env("HTTP_CHECK_TEST") and $flowContext("limit") = 7 and $globalContext("deep.limit") = 8';
  const flow = await runFlow(t, [register], [check({ url, matchType: 'jsonata', match }), ...ends]);
  flow.node('h').context().flow.set('limit', 7);
  flow.node('h').context().global.set('deep', { limit: 8 });
  const out = flow.next('out');
  receive(flow, {});
  const { result_type, message } = (await out).payload as InfraRecord;
  assert.equal(result_type, 'success', message);
});

test('http-check refuses to log in without credentials, and a variable within its URL, and says which', async (t) => {
  for (const [config, credentials, key] of [
    [{ url: 'http://127.0.0.1:9', authType: 'basic' }, {}, 'noCredentials'],
    [{ url: 'http://127.0.0.1:9', authType: 'bearer' }, { h: { user: 'ann', password: 'p' } }, 'noCredentials'],
    [{ url: `http://\${HOST}/x` }, {}, 'placeholder'],
  ] as const) {
    const said = t.mock.method(StatusReporter.prototype, 'report');
    const nodes = [
      check(config),
      { id: 'e', z: 'f', type: 'catch', scope: ['h'], wires: [['caught']] },
      { id: 'caught', z: 'f', type: 'helper' },
      ...ends,
    ];
    const flow = await runFlow(t, [register], nodes, { credentials });
    const caught = flow.nextError('caught', /NOT_CONFIGURED/);
    receive(flow, {});
    await caught;
    assert.deepEqual(said.mock.calls[0]?.arguments.slice(0, 2), ['fault', `status.${key}`]);
    await flow.stop();
    t.mock.restoreAll();
  }
});

test('http-check asks with a msg whose headers an http request left there', async (t) => {
  const httpRequest = createRequire(import.meta.url)('@node-red/nodes/core/network/21-httprequest.js');
  const page = await serve(t, (_request, response) => {
    response.setHeader('set-cookie', ['a=1', 'b=2']).setHeader('x-page', '1').setHeader('content-length', 12);
    response.end('twelve bytes');
  });
  const seen: string[][] = [];
  const url = await serve(t, (request, response) => {
    seen.push(Object.keys(request.headers));
    request.resume().once('end', () => response.end('fine'));
  });
  const asking = { id: 'r', z: 'f', type: 'http request', method: 'GET', ret: 'txt', url: page, wires: [['h']] };
  const flow = await runFlow(t, [httpRequest, register], [asking, check({ url, timeout: '5' }), ...ends]);
  const out = flow.next('out');
  flow.node('r').receive({} as never);
  assert.equal(((await out).payload as InfraRecord).result_type, 'success');
  assert.deepEqual(seen, [['host', 'user-agent', 'accept', 'accept-encoding', 'connection']]);
});
