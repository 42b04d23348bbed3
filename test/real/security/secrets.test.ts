// Risk: a password, a token or a header is shown, logged, kept or sent where it does not belong.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { receiveTcp } from '../../support/graylog.ts';
import { serve } from '../../support/http-servers.ts';
import { type RunningNodeRed, startByScript, startNodeRed } from '../../support/node-red.ts';
import { freePort } from '../../support/ports.ts';
import type { FlowNode } from '../../support/shipping-flow.ts';
import { until } from '../../support/until.ts';

/** A mark for each place that takes a secret. */
function marks<Place extends string>(...places: Place[]): Record<Place, string> {
  return Object.fromEntries(places.map((place) => [place, `MARK-${place}-4711`])) as Record<Place, string>;
}

/** As a secret may be written elsewhere: as it is, and in base64, whatever stands before it. */
function formsOf(secret: string): string[] {
  const inBase64 = [0, 1, 2].map((before) =>
    Buffer.from(`${'x'.repeat(before)}${secret}`)
      .toString('base64')
      .slice(4, -4),
  );
  return [secret, ...inBase64];
}

/** Where the marks of `secrets` stand: "place in what". */
function leaks(secrets: Readonly<Record<string, string>>, shown: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets).flatMap(([place, secret]) =>
    Object.entries(shown).flatMap(([what, text]) => {
      const form = formsOf(secret).find((one) => text.includes(one));
      const at = form === undefined ? 0 : Math.max(0, text.indexOf(form) - 120);
      return form === undefined ? [] : [`${place} in ${what}: …${text.slice(at, at + 240)}…`];
    }),
  );
}

/** What stands in the folder of this package's files. */
function filesOf({ userDir }: RunningNodeRed): string {
  const folder = join(userDir, 'infra-monitoring');
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'latin1')}`)
    .join('\n');
}

/** What this Node-RED shows, after it has stopped: its log, its flows, its files. */
async function shownBy(red: RunningNodeRed): Promise<Record<string, string>> {
  const flows = JSON.stringify(await red.api('/flows'));
  await red.stop();
  const file = readFileSync(join(red.userDir, 'flows.json'), 'utf8');
  return { log: red.log(), '/flows': flows, 'the flow file': file, 'the state files': filesOf(red) };
}

/** A property whose value is that of a variable, so that the flow does not hold it. */
function variable(name: string): string {
  return `\${${name}}`;
}

/** Puts what nodes say of themselves, in statuses and to Catch nodes, into records. */
function telling(id: string, type: 'status' | 'catch', property: string): FlowNode[] {
  const rule = { t: 'set', p: 'payload', pt: 'msg', to: `{"message": $string(${property})}`, tot: 'jsonata' };
  return [
    { id, type, scope: null, wires: [[`${id}-text`]] },
    { id: `${id}-text`, type: 'change', rules: [rule], wires: [['told']] },
  ];
}

async function startFailing(t: TestContext, secrets: ReturnType<typeof nodeMarks>) {
  const receiver = await receiveTcp(t);
  const closed = await freePort();
  const refusing = await serve(t, (request, response) => {
    response.writeHead(request.url?.startsWith('/away') ? 302 : 401, {
      location: `http://u:${secrets.redirectUser}@127.0.0.1:${closed}/there?access_token=${secrets.redirectToken}`,
    });
    response.end('refused');
  });
  const check = (id: string, more: object): FlowNode => ({
    id,
    type: 'http-check',
    interval: '1',
    retries: '0',
    timeout: '3',
    wires: [['told', 'log-out']],
    ...more,
  });
  const nodes: FlowNode[] = [
    ...telling('statuses', 'status', 'status'),
    ...telling('errors', 'catch', 'error'),
    { id: 'told', type: 'graylog-out', server: 'receiver', port: '', wires: [] },
    { id: 'log-out', type: 'graylog-out', server: 'refusing', port: '', wires: [] },
    { id: 'bad-out', type: 'graylog-out', server: 'bad', port: '', wires: [] },
    check('check-user', { url: variable('CHECK_URL') }),
    check('check-bad', { url: variable('CHECK_BAD_URL') }),
    check('check-away', { url: `${refusing}/away` }),
    check('check-header', { url: refusing, credentials: { headers: `X-Api-Key: ${secrets.header}` } }),
    check('check-body', { url: refusing, method: 'POST', credentials: { body: `password=${secrets.body}` } }),
    check('check-bearer', { url: refusing, authType: 'bearer', credentials: { token: secrets.bearer } }),
    check('check-basic', { url: refusing, authType: 'basic', credentials: { user: 'u', password: secrets.basic } }),
    check('check-proxy', { url: 'http://monitored.invalid/' }),
    { id: 'events', type: 'docker-events-in', engine: 'engine', wires: [['told']] },
    { id: 'logs', type: 'docker-logs-in', engine: 'bad-engine', wires: [['told']] },
  ];
  const flow = [
    { id: 'tab1', type: 'tab', label: 'Flow' },
    ...nodes.map((node) => ({ ...node, z: 'tab1', x: 0, y: 0 })),
    { id: 'receiver', type: 'graylog-server', endpoints: `tcp://127.0.0.1:${receiver.port}`, host: 'test' },
    {
      ...{ id: 'refusing', type: 'graylog-server', endpoints: refusing, host: 'test' },
      credentials: { authorization: `Bearer ${secrets.authorization}` },
    },
    { id: 'bad', type: 'graylog-server', endpoints: variable('BAD_SERVER'), host: 'test' },
    { id: 'engine', type: 'docker-engine', host: variable('ENGINE'), tls: '' },
    { id: 'bad-engine', type: 'docker-engine', host: variable('BAD_ENGINE'), tls: '' },
  ];
  const env = {
    CHECK_URL: `http://u:${secrets.checkUser}@127.0.0.1:${closed}/?token=${secrets.checkToken}&page=2&api_key=${secrets.checkKey}`,
    CHECK_BAD_URL: `http://u:${secrets.badCheck}@[bad/?token=${secrets.badCheck}`,
    BAD_SERVER: `https://u:${secrets.badServer}@127.0.0.1:99999/gelf`,
    ENGINE: `tcp://u:${secrets.engine}@127.0.0.1:${closed}`,
    BAD_ENGINE: `tcp://u:${secrets.badEngine}@[bad`,
    http_proxy: `http://u:${secrets.proxy}@127.0.0.1:${closed}`,
    no_proxy: '127.0.0.1',
  };
  const red = await startNodeRed(t, { flow: [], env });
  await red.api('/flows', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'Node-RED-Deployment-Type': 'full' },
    body: JSON.stringify(flow),
  });
  const failing = nodes.filter(({ type }) => !['status', 'catch', 'change'].includes(String(type)));
  return { red, receiver, ids: failing.map(({ id }) => id).filter((id) => id !== 'told') };
}

const nodeMarks = () =>
  marks(
    ...(['authorization', 'header', 'body', 'bearer', 'basic', 'checkUser', 'checkToken', 'checkKey'] as const),
    ...(['badCheck', 'badServer', 'engine', 'badEngine', 'proxy', 'redirectUser', 'redirectToken'] as const),
  );

test('no secret of a node stands in flows, statuses, errors, the log, records or state files', async (t) => {
  const secrets = nodeMarks();
  const { red, receiver, ids } = await startFailing(t, secrets);
  const told = (): string => JSON.stringify(receiver.documents);
  // Each node has said that it fails: in a status, or where it does so before the flow runs, in the log.
  const silent = (): string[] =>
    ids.filter((id) => !told().includes(`\\"id\\":\\"${id}\\"`) && !red.log().includes(`:${id}]`));
  await until(
    () => silent().length === 0,
    30_000,
    () => `no word of ${silent()}`,
  );
  const checks = (): number => receiver.documents.filter(({ _log_type }) => _log_type === 'http_check').length;
  await until(() => checks() > 20, 30_000);
  assert.deepEqual(leaks(secrets, { ...(await shownBy(red)), 'records, statuses and errors': told() }), []);
});

test('no secret of a variable stands in what npm start says, does and keeps', async (t) => {
  const receiver = await receiveTcp(t);
  const closed = await freePort();
  const secrets = marks('LOGGING_URL', 'HTTP_CHECK_URL', 'token', 'ALERT_WEBHOOK_URL', 'DOCKER_HOST', 'proxy');
  const red = await startByScript(t, {
    env: {
      // The first takes everything, so that the records can be looked at.
      LOGGING_URL: `tcp://127.0.0.1:${receiver.port},http://user:${secrets.LOGGING_URL}@127.0.0.1:${closed}`,
      HTTP_CHECK_URL: `http://u:${secrets.HTTP_CHECK_URL}@127.0.0.1:${closed}/?token=${secrets.token}`,
      ALERT_WEBHOOK_URL: `http://127.0.0.1:${closed}/hooks/${secrets.ALERT_WEBHOOK_URL}`,
      DOCKER_HOST: `tcp://u:${secrets.DOCKER_HOST}@127.0.0.1:${closed}`,
      http_proxy: `http://u:${secrets.proxy}@127.0.0.1:${closed}`,
      no_proxy: '127.0.0.1',
    },
  });
  for (const kind of ['uptime', 'disk', 'http_check']) {
    await receiver.find(({ _log_type }) => _log_type === kind, 30_000);
  }
  assert.deepEqual(leaks(secrets, { ...(await shownBy(red)), records: JSON.stringify(receiver.documents) }), []);
});

test('a mark that stands somewhere is found, in base64 too', () => {
  const secrets = marks('a', 'b');
  for (const before of ['', 'u:', 'user:', 'a:']) {
    const header = Buffer.from(`${before}${secrets.a}`).toString('base64');
    assert.equal(leaks(secrets, { log: `x ${header}`, file: 'y' }).length, 1);
  }
  assert.equal(leaks(secrets, { log: `x ${secrets.a}`, file: secrets.b }).length, 2);
});
