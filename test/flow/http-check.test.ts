import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InfraRecord } from '../../lib/record.ts';
import register from '../../nodes/http-check/http-check.ts';
import { runFlow } from '../support/flow.ts';
import { closedPort, serve } from '../support/http-servers.ts';

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
  flow.node('h').receive({ url: `${url}/mine`, headers: { 'X-Mine': 'seven' }, mine: 7 } as never);
  const [out] = await both;
  assert.equal(out.mine, 7);
  assert.equal((out.payload as InfraRecord).http_response_body, '/mine seven');
});

test('http-check tells an endpoint that refuses by a record and, after its retries, by a change of state', async (t) => {
  const port = await closedPort();
  const flow = await runFlow(t, [register], [check({ url: `http://127.0.0.1:${port}`, retries: '1' }), ...ends]);
  const first = flow.next('out');
  flow.node('h').receive({} as never);
  const retried = (await first).payload as InfraRecord;
  assert.equal(retried.result_type, 'connection_failed');
  assert.deepEqual([retried.check_state, retried.level, retried.consecutive_failures], ['up', 4, 1]);
  const change = flow.next('change');
  flow.node('h').receive({} as never);
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
  const caught = flow.next('caught');
  flow.node('h').receive({} as never);
  assert.match(JSON.stringify((await caught).error), /status\.notConfigured/);
});
