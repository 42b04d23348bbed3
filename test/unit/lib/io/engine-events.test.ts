import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DockerClient } from '../../../../lib/docker/client.ts';
import type { TimedEvent } from '../../../../lib/docker/events.ts';
import { type EventSessionOptions, listenToEvents, readEvents } from '../../../../lib/io/engine-events.ts';
import { eventLine } from '../../../support/docker-events.ts';

const actions = (events: readonly TimedEvent[]): string[] => events.map(({ event }) => event.Action);

test('`readEvents()` hands on the events of one read together, and one that is cut when it is whole', async () => {
  const body = new PassThrough();
  const heard: string[][] = [];
  const ended = readEvents(body, (events) => heard.push(actions(events)));
  const cut = `${eventLine('die')}\n`;
  body.write(`${eventLine('start')}\n\n${eventLine('stop')}\n${cut.slice(0, 20)}`);
  await nextTurn();
  assert.deepEqual(heard, [['start', 'stop']]);
  body.end(cut.slice(20));
  await ended;
  assert.deepEqual(heard, [['start', 'stop'], ['die']]);
});

test('`readEvents()` rejects when the stream breaks off or is none of events, and destroys it', async () => {
  const broken = new PassThrough();
  const ended = readEvents(broken, () => undefined);
  broken.destroy();
  await assert.rejects(ended, { code: 'EVENT_STREAM_BROKEN' });
  const garbage = new PassThrough();
  const refused = readEvents(garbage, () => undefined);
  garbage.write('no event\n');
  await assert.rejects(refused, { code: 'EVENT_MALFORMED' });
  assert.ok(garbage.destroyed);
});

test('`readEvents()` reads a long line in many parts once, and refuses one without an end', async () => {
  const body = new PassThrough();
  const heard: string[][] = [];
  const ended = readEvents(body, (events) => heard.push(actions(events)));
  const long = eventLine('start', { label: 'x'.repeat(900_000) });
  for (let at = 0; at < long.length; at += 100) body.write(long.slice(at, at + 100));
  body.write('\n');
  await nextTurn();
  assert.deepEqual(heard.flat(), ['start']);
  body.write('x'.repeat(1_100_000));
  await assert.rejects(ended, { code: 'EVENT_TOO_LARGE', values: { mebibytes: 1 } });
  assert.ok(body.destroyed);
});

interface Session {
  readonly body: PassThrough;
  readonly said: string[];
  readonly controller: AbortController;
  readonly ended: Promise<never>;
}

/** A session whose stream the test writes. */
function startSession(t: Pick<TestContext, 'after'>, options: Partial<EventSessionOptions> = {}): Session {
  const body = new PassThrough();
  const said: string[] = [];
  const controller = new AbortController();
  const client = { stream: async () => body } as Partial<DockerClient> as DockerClient;
  const session: EventSessionOptions = {
    client,
    query: {},
    heard: (events) => said.push(...actions(events)),
    check: async () => undefined,
    catchUp: async () => {
      said.push('caught up');
    },
    established: () => said.push('established'),
    ...options,
  };
  const ended = listenToEvents(session, controller.signal);
  ended.catch(() => undefined);
  t.after(() => controller.abort());
  return { body, said, controller, ended };
}

test('a session catches up, is established, hands on events, and rejects when the stream ends', async (t) => {
  const { body, said, ended } = startSession(t);
  await nextTurn();
  body.end(`${eventLine('start')}\n`);
  await assert.rejects(ended, { code: 'EVENT_STREAM_ENDED' });
  assert.deepEqual(said, ['caught up', 'established', 'start']);
});

test('a session that cannot catch up, or whose stream ends meanwhile, is not established', async (t) => {
  const failing = startSession(t, { catchUp: () => Promise.reject(new RangeError('no list')) });
  await assert.rejects(failing.ended, RangeError);
  const endless = startSession(t, { catchUp: () => new Promise(() => undefined) });
  await nextTurn();
  endless.body.end();
  await assert.rejects(endless.ended, { code: 'EVENT_STREAM_ENDED' });
  for (const { said } of [failing, endless]) assert.deepEqual(said, []);
});

test('the signal ends a session and its stream, also before the stream is open', async (t) => {
  const open = startSession(t);
  await nextTurn();
  open.controller.abort();
  await assert.rejects(open.ended, { code: 'EVENT_STREAM_BROKEN' });
  const early = startSession(t);
  early.controller.abort();
  await assert.rejects(early.ended, { code: 'EVENT_STREAM_BROKEN' });
  assert.deepEqual(early.said, ['caught up']);
  for (const { body } of [open, early]) assert.ok(body.destroyed);
});

test('a session catches up at once where the stream has no headers yet, and is established in the end', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let aborted = false;
  const stream: DockerClient['stream'] = (_path, _query, signal) =>
    new Promise((_, reject) => {
      signal?.addEventListener('abort', () => {
        aborted = true;
        reject(new RangeError('closed'));
      });
    });
  const { said, controller, ended } = startSession(t, { client: { stream } as Partial<DockerClient> as DockerClient });
  await nextTurn();
  assert.deepEqual(said, ['caught up']);
  t.mock.timers.tick(2_000);
  await nextTurn();
  assert.deepEqual(said, ['caught up', 'established']);
  controller.abort();
  await assert.rejects(ended, RangeError);
  assert.ok(aborted);
});

test('a session whose stream is refused is not established', async (t) => {
  const stream: DockerClient['stream'] = () => Promise.reject(new RangeError('refused'));
  const { said, ended } = startSession(t, { client: { stream } as Partial<DockerClient> as DockerClient });
  await assert.rejects(ended, RangeError);
  assert.deepEqual(said, ['caught up']);
});

test('a session ends with the error of an engine that does not answer its check', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { ended } = startSession(t, { check: () => Promise.reject(new RangeError('silent')) });
  await nextTurn();
  t.mock.timers.tick(30_000);
  await assert.rejects(ended, RangeError);
});
