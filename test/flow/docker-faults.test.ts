import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { TimedEvent } from '../../lib/docker/events.ts';
import { StateFile } from '../../lib/io/state-file.ts';
import { eventMessage } from '../../nodes/docker-events-in/event.ts';
import { parseEventState } from '../../nodes/docker-events-in/event-state.ts';
import { EventFollower } from '../../nodes/docker-events-in/io/event-follower.ts';
import { LogFollower } from '../../nodes/docker-logs-in/io/log-follower.ts';
import type { LogMessage } from '../../nodes/docker-logs-in/line/log-record.ts';
import { parseLogState } from '../../nodes/docker-logs-in/log-state.ts';
import { wordsOf } from '../support/docker-flow.ts';
import {
  breakOff,
  clientFor,
  type FakeEngine,
  fakeContainer,
  sendSlowly,
  startFakeEngine,
} from '../support/fake-engine.ts';
import { temporaryFolder } from '../support/folder.ts';
import { PATIENCE_MS, until } from '../support/until.ts';

/** A reader for each byte of a stream keeps a processor busy for many seconds. */
const LONG_MS = 6 * PATIENCE_MS;

const fixture = (path: string): Buffer => readFileSync(new URL(`../fixtures/${path}`, import.meta.url));
const expectedOf = (path: string): string[] => JSON.parse(fixture(`${path}/expected.json`).toString());

interface LogReading {
  readonly messages: LogMessage[];
  readonly faults: string[];
  readonly notices: string[];
  count(): number;
}

function readLogs(t: TestContext, engine: FakeEngine, answerMs?: number, quietMs?: number): LogReading {
  const messages: LogMessage[] = [];
  const faults: string[] = [];
  const notices: string[] = [];
  let count = -1;
  const follower = new LogFollower({
    client: clientFor(t, engine.host, answerMs),
    state: new StateFile(temporaryFolder(), 'logs', parseLogState),
    host: 'host-1',
    fromStart: true,
    multilineStart: undefined,
    multilineMs: 500,
    ...(quietMs === undefined ? {} : { quietMs }),
    json: false,
    filter: () => () => true,
    handOn: async (more) => {
      messages.push(...more);
    },
    notice: (kind, container, cause) => notices.push(`${kind} ${container.name} ${wordsOf(cause)}`),
    following: (now) => {
      count = now;
    },
    lost: (error) => faults.push(wordsOf(error)),
    unsaved: (error) => faults.push(wordsOf(error)),
  });
  t.after(() => follower.stop());
  return { messages, faults, notices, count: () => count };
}

const linesOf = ({ messages }: LogReading, id: string): string[] =>
  messages
    .filter(({ payload }) => payload.container_id === id)
    .map(({ payload }) => `${payload.stream} ${payload.message}`);

for (const kind of ['recorded', 'recorded-tty']) {
  test(`docker-logs-in tells every line once wherever the stream breaks off (${kind})`, async (t) => {
    const stream = fixture(`docker-logs-in/${kind}/stream.bin`);
    const expected = expectedOf(`docker-logs-in/${kind}`);
    const engine = await startFakeEngine(t);
    // One container for each byte, whose stream breaks off there the first time it is read.
    const cuts = Array.from({ length: stream.length }, (_, cut) => `cut-${cut}`);
    const stopped = { Running: false, FinishedAt: '2026-11-23T19:02:00Z' };
    engine.containers = cuts.map((id) => fakeContainer(id, stopped));
    engine.answer = ({ path, query, before }, response) => {
      const cut = /^\/containers\/cut-(\d+)\/logs$/.exec(path)?.[1];
      if (cut === undefined) return false;
      if (query.get('follow') === 'true' && before === 0) breakOff(response, stream.subarray(0, Number(cut)));
      else response.end(stream);
      return true;
    };
    const reading = readLogs(t, engine);
    await until(() => reading.messages.length >= cuts.length * expected.length, LONG_MS);
    for (const id of cuts) assert.deepEqual(linesOf(reading, id), expected, id);
    assert.equal(reading.messages.length, cuts.length * expected.length);
    assert.deepEqual(reading.faults, []);
  });
}

test('docker-logs-in reads a stream that comes byte for byte', async (t) => {
  const engine = await startFakeEngine(t);
  engine.containers = ['recorded', 'recorded-tty'].map((id) => fakeContainer(id));
  engine.answer = ({ path }, response) => {
    const id = /^\/containers\/(.+)\/logs$/.exec(path)?.[1];
    if (id === undefined) return false;
    sendSlowly(response, fixture(`docker-logs-in/${id}/stream.bin`), false);
    return true;
  };
  const reading = readLogs(t, engine);
  for (const id of ['recorded', 'recorded-tty']) {
    // Its last line has no end, and it still runs.
    const expected = expectedOf(`docker-logs-in/${id}`).slice(0, -1);
    await until(() => linesOf(reading, id).length >= expected.length);
    assert.deepEqual(linesOf(reading, id), expected);
  }
});

test('docker-logs-in gets over garbage, half a header, a 500 and a hang, without a wrong line', async (t) => {
  const stream = fixture('docker-logs-in/recorded/stream.bin');
  const engine = await startFakeEngine(t);
  const garbage = Buffer.from('\x01\x02\x03 no frame, no stamp\n'.repeat(20));
  const answers: { [id: string]: (response: import('node:http').ServerResponse) => void } = {
    garbage: (response) => response.end(garbage),
    'after-a-line': (response) => response.end(Buffer.concat([stream.subarray(0, 45), garbage])),
    'half-header': (response) => breakOff(response, stream.subarray(0, 49)),
    'server-error': (response) => response.writeHead(500).end('{"message":"the disk is on fire"}'),
    hang: () => undefined,
    'not-http': (response) => response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n'),
  };
  engine.containers = Object.keys(answers).map((id) => fakeContainer(id));
  engine.answer = ({ path, query, before }, response) => {
    const id = /^\/containers\/(.+)\/logs$/.exec(path)?.[1];
    if (id === undefined) return false;
    if (before === 0) answers[id]?.(response);
    else if (query.get('follow') !== 'true') response.end(stream);
    else {
      response.writeHead(200);
      response.write(stream);
    }
    return true;
  };
  const reading = readLogs(t, engine, 500, 300);
  const expected = expectedOf('docker-logs-in/recorded').slice(0, -1);
  await until(() => reading.messages.length >= expected.length * Object.keys(answers).length);
  for (const id of Object.keys(answers)) assert.deepEqual(linesOf(reading, id), expected, id);
  assert.ok(reading.notices.includes('broken server-error the disk is on fire'), reading.notices.join('\n'));
});

test('docker-logs-in says of an unreadable log driver that it is one, and of a warning of the engine what it says', async (t) => {
  const engine = await startFakeEngine(t);
  engine.containers = ['unreadable', 'warned'].map((id) => fakeContainer(id));
  let asked = 0;
  engine.answer = ({ path }, response) => {
    if (path === '/containers/unreadable/logs') {
      asked += 1;
      response.writeHead(501).end('{"message":"configured logging driver does not support reading"}');
      return true;
    }
    if (path !== '/containers/warned/logs') return false;
    const text = Buffer.from('error reading the log');
    response.writeHead(200);
    response.write(Buffer.concat([Buffer.from([3, 0, 0, 0, 0, 0, 0, text.length]), text]));
    return true;
  };
  const reading = readLogs(t, engine);
  await until(() => reading.notices.length >= 2 && reading.count() === 1);
  assert.deepEqual(reading.notices.sort(), [
    'engine warned error reading the log',
    'unreadable unreadable configured logging driver does not support reading',
  ]);
  assert.equal(asked, 1);
  assert.deepEqual(reading.messages, []);
});

test('docker-logs-in attaches again when the engine comes back, and reads on', async (t) => {
  const stream = fixture('docker-logs-in/recorded/stream.bin');
  const engine = await startFakeEngine(t);
  engine.containers = [fakeContainer('one')];
  let cut = 100;
  engine.answer = ({ path }, response) => {
    if (path !== '/containers/one/logs') return false;
    response.writeHead(200);
    response.write(stream.subarray(0, cut));
    return true;
  };
  const reading = readLogs(t, engine);
  await until(() => reading.messages.length === 2);
  for (cut of [200, stream.length]) {
    engine.disconnect();
    const before = reading.messages.length;
    await until(() => reading.messages.length > before);
  }
  await until(() => reading.messages.length === 8);
  assert.deepEqual(linesOf(reading, 'one'), expectedOf('docker-logs-in/recorded').slice(0, -1));
});

interface EventReading {
  readonly events: TimedEvent[];
  readonly faults: string[];
  connected: number;
}

function readEvents(t: TestContext, host: string, answerMs?: number): EventReading {
  const reading: EventReading = { events: [], faults: [], connected: 0 };
  const follower = new EventFollower({
    client: clientFor(t, host, answerMs),
    state: new StateFile(temporaryFolder(), 'events', parseEventState),
    counts: () => true,
    isChosen: () => true,
    heard: (more) => reading.events.push(...more),
    connected: () => {
      reading.connected += 1;
    },
    lost: (error) => reading.faults.push(wordsOf(error)),
    unsaved: (error) => reading.faults.push(wordsOf(error)),
  });
  t.after(() => follower.stop());
  return reading;
}

const sentences = ({ events }: EventReading): string[] =>
  events.map((timed) => eventMessage(timed, 'h').payload.message);

test('docker-events-in tells every event once wherever the stream breaks off', async (t) => {
  const stream = fixture('docker-events-in/recorded/stream.ndjson');
  const expected = expectedOf('docker-events-in/recorded');
  const engine = await startFakeEngine(t);
  // One engine for each byte: the prefix of its address tells where its stream breaks off the first time.
  engine.answer = ({ prefix, path, before }, response) => {
    if (path !== '/events') return false;
    if (before === 0) breakOff(response, stream.subarray(0, Number(prefix)));
    else {
      response.writeHead(200);
      response.write(stream);
    }
    return true;
  };
  const readings = Array.from({ length: stream.length + 1 }, (_, cut) => readEvents(t, `${engine.url}/${cut}`));
  await until(() => readings.every(({ events }) => events.length >= expected.length), LONG_MS);
  for (const [cut, reading] of readings.entries()) assert.deepEqual(sentences(reading), expected, `cut at ${cut}`);
});

test('docker-events-in reads several events in one read, and one byte for byte', async (t) => {
  const stream = fixture('docker-events-in/recorded/stream.ndjson');
  const engine = await startFakeEngine(t);
  engine.answer = ({ prefix, path }, response) => {
    if (path !== '/events') return false;
    if (prefix === 'slow') sendSlowly(response, stream, false);
    else {
      response.writeHead(200);
      response.write(stream);
    }
    return true;
  };
  for (const prefix of ['slow', 'at-once']) {
    const reading = readEvents(t, `${engine.url}/${prefix}`);
    await until(() => reading.events.length === 2);
    assert.deepEqual(sentences(reading), expectedOf('docker-events-in/recorded'));
  }
});

test('docker-events-in gets over garbage, a 500, a hang and an engine that is none', async (t) => {
  const stream = fixture('docker-events-in/recorded/stream.ndjson');
  const engine = await startFakeEngine(t);
  engine.answer = ({ path, before }, response) => {
    if (path === '/version' && before < 2) {
      if (before === 0) response.end('{"hello":"world"}');
      else response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n');
      return true;
    }
    if (path === '/info' && before < 2) {
      if (before === 0) response.end('<html>');
      return true;
    }
    if (path !== '/events') return false;
    if (before === 0) response.end('this is no event\n');
    else if (before === 1) response.writeHead(500).end('{"message":"the disk is on fire"}');
    else {
      response.writeHead(200);
      response.write(stream);
    }
    return true;
  };
  const reading = readEvents(t, engine.host, 500);
  await until(() => reading.events.length === 2);
  assert.deepEqual(sentences(reading), expectedOf('docker-events-in/recorded'));
  const faults = reading.faults.join('\n');
  for (const word of [/not that of a Docker Engine/, /Parse Error/, /no JSON/, /on fire/, /no answer within 0.5 s/])
    assert.match(faults, word);
});

test('docker-events-in tells what the list of containers shows after the engine forgot its events', async (t) => {
  const engine = await startFakeEngine(t);
  engine.containers = [fakeContainer('web')];
  let now = '2026-11-23T18:00:00Z';
  engine.answer = ({ path }, response) => {
    if (path !== '/info') return false;
    response.end(JSON.stringify({ SystemTime: now }));
    return true;
  };
  const reading = readEvents(t, engine.host);
  await until(() => reading.connected === 1);
  now = '2026-11-23T19:00:00Z';
  engine.containers = [
    fakeContainer('web', { Running: false, FinishedAt: '2026-11-23T18:30:00.5Z', ExitCode: 137 }),
    { ...fakeContainer('new', { StartedAt: '2026-11-23T18:31:00Z' }), Created: '2026-11-23T18:30:59Z' },
  ];
  engine.disconnect();
  await until(() => reading.events.length === 3);
  assert.deepEqual(sentences(reading), [
    'container web die (exit code 137, image fake:1, found after a gap in the events)',
    'container new create (image fake:1, found after a gap in the events)',
    'container new start (image fake:1, found after a gap in the events)',
  ]);
});

test('a client waits for a socket that is not there yet', async (t) => {
  const folder = temporaryFolder();
  const socket = join(folder, 'late.sock');
  const client = clientFor(t, `unix://${socket}`);
  await assert.rejects(client.json('/info'), /ENOENT/);
  const server = createServer((connection) => {
    // The look whether anybody listens asks nothing, and hangs up before it has read this.
    connection.on('error', () => undefined).end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
  }).listen(socket);
  t.after(() => server.close());
  await assert.rejects(client.json('/info'), { code: 'NO_ENGINE' });
});
