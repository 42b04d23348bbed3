// Risk: an event definition never rings, rings for nothing, or rings again and again.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createConnection } from 'node:net';
import { test } from 'node:test';
import { type GraylogClient, realGraylog, withGraylog } from '../../support/graylog-real.ts';
import { fractionKeys, SILENT_REPORT, sources } from '../../support/graylog-sources.ts';
import { emptyWidgets } from '../../support/graylog-widgets.ts';
import { listening } from '../../support/listening.ts';
import { writeEvery } from '../../support/pace.ts';
import { scriptModule } from '../../support/script.ts';
import { until } from '../../support/until.ts';

interface Present {
  readonly key: string;
  readonly id: string;
  readonly isScheduled: boolean;
  readonly body: {
    readonly config: { readonly search_within_ms: number; readonly execute_every_ms: number };
    readonly notification_settings: { readonly grace_period_ms: number; readonly backlog_size: number };
  };
}
interface Kind {
  list(graylog: GraylogClient): Promise<Present[]>;
  remove(graylog: GraylogClient, id: string): Promise<unknown>;
  update(graylog: GraylogClient, id: string, body: object, present: Present): Promise<unknown>;
}
interface Told {
  readonly title: string;
  readonly key: string;
  readonly atMs: number;
}

const { install } = await scriptModule<{ install(graylog: GraylogClient, options: object): Promise<unknown> }>(
  'graylog/install.js',
);
const { eventDefinition } = await scriptModule<{ eventDefinition: Kind }>('graylog/kinds/telling.js');
/** How much faster than as installed: a minute is five seconds. */
const FASTER = 12;
/** A line is seconds on its way into the index: one that comes there later than a span is searched is never found. */
const SHORTEST_MS = 25_000;
const OTHER_EVERY_MS = 2_000;
const WITHIN_MS = 240_000;
const FREE_WITHIN_MS = 600_000;

/**
 * After many rules were made, Graylog reads all of them once for each with all its threads, and neither notes what is indexed
 * nor searches for events until it is through.
 */
async function untilFree(graylog: GraylogClient): Promise<void> {
  const since = new Date().toISOString();
  await until(
    async () => {
      const path = '/system/processing/status/persisted';
      const { receive_times: at } = await graylog.get<{ receive_times: { post_indexing: string } }>(path);
      return at.post_indexing > since;
    },
    FREE_WITHIN_MS,
    () => 'Graylog is busy with its rules',
  );
}

/** Every definition with shorter times. Gives the grace of each by its title, in ms. */
async function hurry(graylog: GraylogClient): Promise<Map<string, number>> {
  const graces = new Map<string, number>();
  for (const present of await eventDefinition.list(graylog)) {
    const { config, notification_settings: settings } = present.body;
    const grace = settings.grace_period_ms / FASTER;
    graces.set(present.key, grace);
    const body = {
      ...present.body,
      config: {
        ...config,
        search_within_ms: Math.max(SHORTEST_MS, config.search_within_ms / FASTER),
        execute_every_ms: config.execute_every_ms / FASTER,
      },
      notification_settings: { ...settings, grace_period_ms: grace },
    };
    await eventDefinition.update(graylog, present.id, body, present);
  }
  return graces;
}

/** Sends documents to the input of this title. */
async function send(graylog: GraylogClient, title: string, documents: readonly object[]): Promise<void> {
  const { inputs } = await graylog.get<{ inputs: { title: string; attributes: { port: number } }[] }>('/system/inputs');
  const port = inputs.find((one) => one.title === `infra-monitoring: ${title}`)?.attributes.port as number;
  const socket = createConnection(port, new URL(graylog.address).hostname);
  await once(socket, 'connect');
  for (const document of documents) socket.write(`${JSON.stringify({ version: '1.1', host: 'web-1', ...document })}\0`);
  socket.end();
  socket.resume();
  await once(socket, 'close');
}

const alert = (id: string, state: string, secondsAgo: number): object => ({
  ...{ short_message: `disk nearly full ${state}`, timestamp: Date.now() / 1000 - secondsAgo, level: 2 },
  ...{ _log_type: 'alert', _event_id: `${id}-${state}`, _alert_id: id, _alert_name: 'disk nearly full' },
  _alert_state: state,
});
const beat = (host: string, secondsAgo: number, dropped: number): object => ({
  ...{ host, short_message: 'heartbeat', timestamp: Date.now() / 1000 - secondsAgo, level: dropped > 0 ? 4 : 6 },
  ...{ _log_type: 'heartbeat', _event_id: `${host}-${secondsAgo}`, _records_dropped: dropped },
  _sender_uptime_seconds: 9000.5 - secondsAgo,
});
const line = (text: string): object => ({ short_message: text });
const sshd = (text: string): object => line(`${new Date().toISOString()} web-1 sshd[4242]: ${text}`);

test('every event definition rings from records, once until its grace is over', {
  ...withGraylog,
  timeout: 2 * FREE_WITHIN_MS,
}, async (t) => {
  const graylog = await realGraylog();
  const told: Told[] = [];
  const hook = createServer(async (incoming, outgoing) => {
    let body = '';
    for await (const piece of incoming.setEncoding('utf8')) body += piece;
    const { event_definition_title: title, event } = JSON.parse(body) as {
      event_definition_title: string;
      event: { key: string };
    };
    told.push({ title, key: event.key, atMs: Date.now() });
    outgoing.end();
  });
  await install(graylog, { sources, given: {}, fractionKeys, report: SILENT_REPORT });
  // A Graylog that gets nothing at all puts off every definition until it gets something.
  t.after(writeEvery(OTHER_EVERY_MS, () => void send(graylog, 'docker logs (TCP)', [line('web_1  | hello')])));
  await untilFree(graylog);
  const given = { WEBHOOK_URL: await listening(t, hook) };
  // One that rang before would be silent until its grace is over.
  for (const { id } of await eventDefinition.list(graylog)) await eventDefinition.remove(graylog, id);
  await install(graylog, { sources, given, fractionKeys, report: SILENT_REPORT });
  const graces = await hurry(graylog);
  t.after(() => install(graylog, { sources, given: { WEBHOOK_URL: '' }, fractionKeys, report: SILENT_REPORT }));
  const heard = (title: string): boolean => told.some((one) => one.title === `infra-monitoring: ${title}`);
  await until(
    () => heard('all hosts silent'),
    WITHIN_MS,
    () => 'silence',
  );

  const mine = `mine-${Date.now()}`;
  const [first, second] = [`${mine}-1`, `${mine}-2`];
  await send(graylog, 'records (TCP)', [
    ...[alert(first, 'firing', 2), alert(first, 'resolved', 1), alert(second, 'firing', 30)],
    ...[0, 4, 8, 12].map((seconds) => beat('db-1', seconds + 20, 0)),
    beat('web-1', 1, 3),
  ]);
  const guesses = Array.from({ length: 8 }, () => sshd('Failed password for root from 203.0.113.9 port 4022 ssh2'));
  await send(graylog, 'auth log (TCP)', [...guesses, sshd('Accepted password for root from 192.0.2.9 port 4023 ssh2')]);
  const died = {
    type: 'container',
    action: 'die',
    id: 'a'.repeat(64),
    service: 'shop',
    time: new Date().toISOString(),
  };
  const attributes = { exitCode: '3', name: 'shop_1', image: 'shop:1' };
  await send(graylog, 'docker events (TCP)', [line(JSON.stringify({ ...died, attributes }))]);
  const full = { _log_type: 'disk', ...line('/dev/sda1 102400 99328 3072 97% /srv') };
  await send(graylog, 'records (TCP)', [full]);

  const missing = (): string[] => sources.eventDefinitions.map(({ title }) => title).filter((title) => !heard(title));
  await until(
    () => missing().length === 0,
    WITHIN_MS,
    () => `${missing().join(', ')}; told: ${JSON.stringify(told)}`,
  );
  // Alerts that another test has sent may ring, too.
  const alerts = (): string[] =>
    told.filter(({ title, key }) => title.endsWith('alert of a host') && key.startsWith(mine)).map(({ key }) => key);
  await until(
    () => alerts().length >= 3,
    WITHIN_MS,
    () => `alerts: ${alerts().join(', ')}`,
  );
  assert.deepEqual(alerts().toSorted(), [`${first}|firing`, `${first}|resolved`, `${second}|firing`]);
  for (const [index, { title, key, atMs }] of told.entries()) {
    const before = told.slice(0, index).findLast((one) => one.title === title && one.key === key);
    const graceMs = graces.get(title) ?? 0;
    assert.ok(before === undefined || atMs - before.atMs >= graceMs * 0.9, `${title} ${key} rang within its grace`);
  }
  // The event is told before it can be searched.
  await until(
    async () => !(await emptyWidgets(graylog, 'overview')).some((title) => title.startsWith('What Graylog found')),
    WITHIN_MS,
    () => 'the overview shows nothing of what Graylog found',
  );
});
