import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import type { ContainerDetails } from '../../../../lib/docker/api.ts';
import { LimitedQueue } from '../../../../lib/limited-queue.ts';
import { ContainerFollower } from '../../../../nodes/docker-logs-in/io/container-follower.ts';
import { TailLimits } from '../../../../nodes/docker-logs-in/io/log-tail.ts';
import type { LogPosition } from '../../../../nodes/docker-logs-in/position.ts';
import { LogProgress } from '../../../../nodes/docker-logs-in/progress.ts';
import { wordsOf } from '../../../support/docker-flow.ts';
import { frameOf, lineOf, stampAt } from '../../../support/docker-lines.ts';
import {
  clientFor,
  type FakeAnswer,
  type FakeEngine,
  fakeContainer,
  startFakeEngine,
} from '../../../support/fake-engine.ts';
import { answerAfter } from '../../../support/pace.ts';
import { until } from '../../../support/until.ts';

const STOPPED: Partial<ContainerDetails['State']> = { Running: false, FinishedAt: '2026-11-23T19:00:00Z' };

/** An engine that takes longer than this, in ms, for the headers of a log is asked something else meanwhile. */
const SLOW_MS = 700;

interface Following {
  readonly engine: FakeEngine;
  readonly follower: ContainerFollower;
  readonly progress: LogProgress;
  readonly messages: unknown[];
  readonly notices: string[];
  readonly isEnded: () => boolean;
}

interface FollowSettings {
  readonly state?: object;
  readonly position?: LogPosition;
  readonly isPaused?: boolean;
  readonly quietMs?: number;
  readonly losesItsPlace?: boolean;
}

/** Follows the container `web` of an engine that answers for its logs as it is told. */
async function follow(
  t: TestContext,
  logs: (follow: boolean, ...args: Parameters<FakeAnswer>) => unknown,
  { state = {}, position = {}, isPaused = false, quietMs = 30_000, losesItsPlace = false }: FollowSettings = {},
): Promise<Following> {
  const engine = await startFakeEngine(t);
  const HostConfig = { LogConfig: { Type: 'local', Config: {} } };
  engine.containers = [{ ...fakeContainer('web', state), HostConfig }];
  engine.answer = (request, response) => {
    if (request.path !== '/containers/web/logs') return false;
    logs(request.query.get('follow') === 'true', request, response);
    return true;
  };
  const messages: unknown[] = [];
  const notices: string[] = [];
  let isEnded = false;
  const progress = new LogProgress(position);
  const follower = new ContainerFollower({
    client: clientFor(t, engine.host),
    container: { id: 'web', name: 'web', image: 'fake:1', labels: {} },
    host: 'h',
    first: '0',
    multilineStart: undefined,
    multilineMs: 500,
    quietMs,
    json: false,
    progress,
    isPaused,
    questions: new LimitedQueue(8),
    tails: new TailLimits(),
    losesItsPlace,
    handOn: async (more) => {
      messages.push(...more.map(({ payload }) => payload.message));
    },
    notice: (kind, { name }, cause) => notices.push(`${kind} ${name} ${wordsOf(cause)}`),
    ended: () => {
      isEnded = true;
    },
  });
  t.after(() => follower.stop());
  return { engine, follower, progress, messages, notices, isEnded: () => isEnded };
}

const three = [lineOf(1, 'one'), lineOf(2, 'two'), lineOf(3, 'three')];

test('a container that has stopped is read to its end, with what only the end of its log has', async (t) => {
  const { messages, isEnded, progress, follower } = await follow(
    t,
    (isFollowed, _request, response) => response.end(Buffer.concat(isFollowed ? three.slice(0, 1) : three)),
    { state: STOPPED },
  );
  await follower.attached;
  await until(isEnded);
  assert.deepEqual(messages, ['one', 'two', 'three']);
  assert.deepEqual(progress.position, {
    out: [stampAt(3), 1],
    err: undefined,
    pending: undefined,
    finished: STOPPED.FinishedAt,
    started: '2026-11-23T18:00:00Z',
  });
});

test('what was handed on before is not handed on again', async (t) => {
  const { messages, isEnded } = await follow(t, (_follow, _request, response) => response.end(Buffer.concat(three)), {
    state: STOPPED,
    position: { out: [stampAt(2), 1] },
  });
  await until(isEnded);
  assert.deepEqual(messages, ['three']);
});

test('the log of a container that runs on is opened again when its stream ends', async (t) => {
  const { messages, engine, isEnded } = await follow(t, (isFollowed, { before }, response) => {
    const lines = isFollowed ? three.slice(0, before + 1) : [];
    response.end(Buffer.concat(lines));
    if (before === 2) engine.containers = [fakeContainer('web', STOPPED)];
  });
  await until(isEnded);
  assert.deepEqual(messages, ['one', 'two', 'three']);
});

test('of a container that was removed the end that was read at its death is enough', async (t) => {
  let end = (): void => undefined;
  const { messages, engine, follower, isEnded } = await follow(t, (isFollowed, _request, response) => {
    if (!isFollowed) {
      response.end(Buffer.concat(three));
      return;
    }
    response.writeHead(200);
    response.write(three[0]);
    end = () => response.end();
  });
  await until(() => messages.length === 1);
  follower.died();
  engine.containers = [];
  end();
  await until(isEnded);
  assert.deepEqual(messages, ['one', 'two', 'three']);
});

test('a container that is gone before its log could be read is told, and one that is half read is complete', async (t) => {
  const gone = await follow(t, (_follow, _request, response) => response.writeHead(404).end('{"message":"no such x"}'));
  await until(gone.isEnded);
  assert.deepEqual(gone.notices, ['missed web no such x']);
  const half = await follow(t, (isFollowed, { before }, response) => {
    if (isFollowed && before === 0) response.end(Buffer.concat([lineOf(1, 'one'), frameOf(1, `${stampAt(2)} no end`)]));
    else if (isFollowed) response.writeHead(409).end('{"message":"marked for removal"}');
    else response.end();
  });
  await until(half.isEnded);
  assert.deepEqual([half.messages, half.notices], [['one', 'no end'], []]);
});

test('a container whose log a slow engine refuses after it has described the container is told', async (t) => {
  const { notices, isEnded } = await follow(t, (_follow, _request, response) => {
    t.after(answerAfter(SLOW_MS, () => response.writeHead(404).end('{"message":"no such x"}')));
  });
  await until(isEnded);
  assert.deepEqual(notices, ['missed web no such x']);
});

test('a log that cannot be read is told once, and is not tried again', async (t) => {
  let asked = 0;
  const { notices, isEnded, follower } = await follow(t, (_follow, _request, response) => {
    asked += 1;
    response.writeHead(501).end('{"message":"configured logging driver does not support reading"}');
  });
  await follower.attached;
  await until(isEnded);
  assert.deepEqual(notices, ['unreadable web configured logging driver does not support reading']);
  assert.equal(asked, 1);
});

test('a log that breaks off is told, and read again', async (t) => {
  const { notices, messages } = await follow(t, (_follow, { before }, response) => {
    if (before === 0) response.writeHead(500).end('{"message":"the disk is on fire"}');
    else {
      response.writeHead(200);
      response.write(three[0]);
    }
  });
  await until(() => messages.length === 1);
  assert.deepEqual(notices, ['broken web the disk is on fire']);
});

test('what the engine itself says of a log is told', async (t) => {
  const { notices } = await follow(t, (_follow, _request, response) => {
    response.writeHead(200);
    response.write(frameOf(3, 'error reading the log'));
  });
  await until(() => notices.length === 1);
  assert.deepEqual(notices, ['engine web error reading the log']);
});

test('a paused log is not read until it goes on', async (t) => {
  let written = false;
  const { messages, follower } = await follow(
    t,
    (_follow, _request, response) => {
      response.writeHead(200);
      response.write(three[0], () => {
        written = true;
      });
    },
    { isPaused: true },
  );
  await follower.attached;
  await until(() => written);
  assert.deepEqual(messages, []);
  follower.pause(false);
  await until(() => messages.length === 1);
});

test('a stop ends the reading at once, also in the wait for the next attempt', async (t) => {
  const { follower, messages, notices, isEnded } = await follow(t, (_follow, { before }, response) => {
    response.end(before === 0 ? three[0] : Buffer.concat(three));
  });
  await until(() => messages.length === 1);
  follower.stop();
  await follower.attached;
  assert.deepEqual([messages, notices, isEnded()], [['one'], [], false]);
});

test('a terminal’s log that was cut within a stamp, of a container that is gone then, is complete', async (t) => {
  const { messages, isEnded } = await follow(t, (isFollowed, { before }, response) => {
    if (isFollowed && before === 0) response.end(`${stampAt(1)} one\r\n${stampAt(2).slice(0, 9)}`);
    else if (isFollowed) response.writeHead(404).end('{"message":"no such container"}');
    else response.end();
  });
  await until(isEnded);
  assert.deepEqual(messages, ['one']);
});

test('a log that is gone with garbage at its end is told, and what is before it is handed on', async (t) => {
  const { messages, notices, isEnded } = await follow(t, (isFollowed, { before }, response) => {
    if (isFollowed && before === 0) response.end(`${stampAt(1)} one\r\nno stamp at all`);
    else if (isFollowed) response.writeHead(404).end('{"message":"no such container"}');
    else response.end();
  });
  await until(isEnded);
  assert.deepEqual(messages, ['one']);
  assert.deepEqual(notices, ['missed web the log stream holds a message without a time stamp']);
});

test('a stop ends a stream that has not sent anything', async (t) => {
  let isClosed = false;
  let isDoubted = false;
  const { follower } = await follow(
    t,
    (isFollowed, _request, response) => {
      response.writeHead(200).flushHeaders();
      isDoubted ||= !isFollowed;
      if (!isFollowed) response.end();
      response.once('close', () => {
        isClosed ||= isFollowed;
      });
    },
    { quietMs: 50 },
  );
  await until(() => isDoubted);
  follower.stop();
  await until(() => isClosed);
});

test('a stop does not wait for the engine', async (t) => {
  const { follower } = await follow(t, () => undefined);
  follower.stop();
  await follower.attached;
});

/** An engine's answer to a request for a log: lines as it would filter them, by `since` and `tail`. */
function answerFrom(lines: readonly Buffer[], query: URLSearchParams, response: ServerResponse, ends = false): void {
  const since = Number(query.get('since') ?? '0');
  const wanted = lines.filter((line) => Date.parse(line.toString('latin1', 8, 38)) / 1000 >= since - 0.001);
  const tail = query.has('tail') ? wanted.slice(-Number(query.get('tail'))) : wanted;
  response.writeHead(200);
  for (const line of tail) response.write(line);
  if (ends || query.get('follow') !== 'true') response.end();
}

const many = Array.from({ length: 9 }, (_, number) => lineOf(number * 1e8, `line ${number}`));
const textsUpTo = (count: number): string[] => many.slice(0, count).map((_, number) => `line ${number}`);

test('a stream that stands still while the log goes on is opened again, and nothing comes twice', async (t) => {
  let isStalled = false;
  const { messages } = await follow(
    t,
    (isFollowed, { query, before }, response) => {
      isStalled ||= isFollowed && before === 0;
      answerFrom(isFollowed && before === 0 ? many.slice(0, 3) : many, query, response);
    },
    { quietMs: 100 },
  );
  await until(() => messages.length === 9);
  assert.ok(isStalled);
  assert.deepEqual(messages, textsUpTo(9));
});

test('a container that is quiet is asked for its last line only', async (t) => {
  const asked: string[] = [];
  const { messages } = await follow(
    t,
    (_follow, { query }, response) => {
      asked.push(query.get('tail') ?? 'stream');
      answerFrom(many, query, response);
    },
    { quietMs: 50 },
  );
  await until(() => asked.length >= 5);
  assert.deepEqual(asked.slice(0, 5), ['stream', '1', '1', '1', '1']);
  assert.deepEqual(messages, textsUpTo(9));
});

test('a log that was cut, whose end the engine does not find, is opened again where it has anything', async (t) => {
  let lines: Buffer[] = [];
  const { messages } = await follow(
    t,
    (isFollowed, { query, before }, response) => {
      if (query.has('tail')) answerFrom([], query, response);
      else if (isFollowed && before === 0) answerFrom(many.slice(0, 3), query, response);
      else answerFrom(lines, query, response, !isFollowed && lines.length > 0);
    },
    { quietMs: 100 },
  );
  await until(() => messages.length === 3);
  lines = many.slice(3);
  await until(() => messages.length === 9);
  assert.deepEqual(messages, textsUpTo(9));
});

test('lines of a clock that was set back are new', async (t) => {
  const back = [7, 8].map((second) => frameOf(1, `2026-11-23T17:00:0${second}.000000001Z back ${second}\n`));
  const { messages } = await follow(
    t,
    (isFollowed, { query, before }, response) =>
      answerFrom(isFollowed && before === 0 ? many : [...many, ...back], query, response),
    { quietMs: 100 },
  );
  await until(() => messages.length === 11);
  assert.deepEqual(messages, [...textsUpTo(9), 'back 7', 'back 8']);
});

test('an answer that does not reach back to what was read is completed from the end of the log', async (t) => {
  const queries: string[] = [];
  const { messages } = await follow(
    t,
    (isFollowed, { query }, response) => {
      queries.push(`${isFollowed ? 'follow' : 'tail'} ${query.has('since')}`);
      answerFrom(isFollowed ? many.slice(7) : many, query, response);
    },
    { position: { out: [stampAt(2e8), 1] } },
  );
  await until(() => messages.length === 6);
  assert.deepEqual(messages, textsUpTo(9).slice(3));
  assert.deepEqual(queries, ['follow true', 'tail false']);
});

test('where the end is too short for that, the whole log is read', async (t) => {
  const queries: string[] = [];
  const { messages } = await follow(
    t,
    (isFollowed, { query }, response) => {
      queries.push(`${isFollowed ? 'follow' : 'tail'} ${query.has('since')}`);
      const isShort = query.has('tail') || query.has('since');
      answerFrom(isShort ? many.slice(7) : many, query, response);
    },
    { position: { out: [stampAt(2e8), 1] } },
  );
  await until(() => messages.length === 6);
  assert.deepEqual(messages, textsUpTo(9).slice(3));
  assert.deepEqual(queries, ['follow true', 'tail false', 'follow false']);
});

test('a new run of a container whose engine had an older clock is read from its begin', async (t) => {
  const run = [1, 2].map((second) => frameOf(1, `2026-11-23T17:00:0${second}.000000001Z run ${second}\n`));
  const { messages } = await follow(
    t,
    (_follow, { query }, response) => answerFrom([...many, ...run], query, response),
    {
      state: { StartedAt: '2026-11-23T17:00:00Z' },
      position: { out: [stampAt(8e8), 1], started: '2026-11-23T17:59:59Z' },
    },
  );
  await until(() => messages.length === 2);
  assert.deepEqual(messages, ['run 1', 'run 2']);
});

test('a stopped container’s log that its engine reads to no end by time is read to its end all the same', async (t) => {
  const lots = Array.from({ length: 600 }, (_, number) => lineOf(number * 1e5, `line ${number}`));
  const { messages, isEnded } = await follow(
    t,
    (isFollowed, { query, before }, response) => {
      if (isFollowed && before === 0) answerFrom(lots.slice(0, 10), query, response, true);
      else answerFrom(query.has('since') ? [] : lots, query, response, true);
    },
    { state: STOPPED },
  );
  await until(isEnded);
  assert.deepEqual(messages.length, 600);
});

test('lines that an engine leaves out of a packed log, in a stream that goes on, are read, and nothing comes twice', async (t) => {
  let send = (_line: Buffer): void => undefined;
  const { messages } = await follow(
    t,
    (isFollowed, { query, before }, response) => {
      const isFirst = isFollowed && before === 0;
      answerFrom(isFirst ? many.slice(0, 3) : many, query, response);
      if (isFirst) send = (line) => response.write(line);
    },
    { quietMs: 100, losesItsPlace: true },
  );
  await until(() => messages.length === 3);
  send(many[8] as Buffer);
  await until(() => messages.length === 9);
  assert.deepEqual(messages, [...textsUpTo(3), 'line 8', ...textsUpTo(8).slice(3)]);
});

test('lines that were left out before the container stopped are read too', async (t) => {
  const { messages, isEnded } = await follow(
    t,
    (isFollowed, { query }, response) =>
      answerFrom(isFollowed ? [...many.slice(0, 3), ...many.slice(8)] : many, query, response, true),
    { state: STOPPED, losesItsPlace: true },
  );
  await until(isEnded);
  assert.deepEqual(messages.sort(), textsUpTo(9));
});

test('lines behind a damaged place, which the engine does not get over, are read from the end of the log', async (t) => {
  const queries: string[] = [];
  const { messages } = await follow(
    t,
    (isFollowed, { query }, response) => {
      // Of an end that begins before the damage, the engine gives only what is before it.
      const asked = Number(query.get('tail') ?? many.length);
      queries.push(`${isFollowed ? 'follow' : 'end'} ${query.get('tail') ?? (query.has('since') ? 'since' : 'all')}`);
      answerFrom(asked <= 5 ? many : many.slice(0, 3), query, response);
    },
    { position: { out: [stampAt(2e8), 1] }, quietMs: 100 },
  );
  await until(() => messages.length === 5 && queries.includes('follow 5'));
  assert.deepEqual(messages, textsUpTo(9).slice(4));
  assert.deepEqual(
    queries.filter((query) => query.startsWith('follow')),
    ['follow since', 'follow all', 'follow 5'],
  );
});
