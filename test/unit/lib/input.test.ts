import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { MonitoringError } from '../../../lib/errors.ts';
import { handleInput, refuseInput, reportFailure, showFailure } from '../../../lib/input.ts';
import { StatusReporter } from '../../../lib/status.ts';

type Done = (error?: unknown) => void;

/** Sends one msg to a node that handles it so, and gives what Node-RED's `done` was called with, call by call. */
async function outcomes(handle: (msg: object, done: Done) => Promise<unknown> | undefined): Promise<unknown[][]> {
  const node = new EventEmitter();
  const calls: unknown[][] = [];
  handleInput<object>(node, handle, (error) => new Error(`words for ${(error as Error | null)?.message}`));
  node.emit('input', {}, undefined, (...args: unknown[]) => calls.push(args));
  await new Promise((resolve) => setImmediate(resolve));
  return calls;
}

test('`handleInput()` calls done once when the promise of the handler resolves', async () => {
  assert.deepEqual(await outcomes(async () => 7), [[undefined]]);
});

test('`handleInput()` gives done the error in the words of `failed` when the handler rejects or throws', async () => {
  const rejected = await outcomes(() => Promise.reject(new Error('a')));
  const thrown = await outcomes(() => {
    throw new Error('a');
  });
  for (const calls of [rejected, thrown]) {
    assert.equal(calls.length, 1);
    assert.match(String(calls[0]?.[0]), /words for a/);
  }
});

test('`handleInput()` gives done the error in the words of `failed` when the handler hands it to done', async () => {
  const calls = await outcomes((_msg, done) => {
    done(new Error('a'));
    return undefined;
  });
  assert.equal(calls.length, 1);
  assert.match(String(calls[0]?.[0]), /words for a/);
});

test('`handleInput()` takes a rejection without a reason for a failure', async () => {
  const [call] = await outcomes(() => Promise.reject(undefined));
  assert.ok(call?.[0] instanceof Error);
});

test('`handleInput()` leaves done to a handler that returns nothing, and lets it through once', async () => {
  assert.deepEqual(await outcomes(() => undefined), []);
  assert.deepEqual(
    await outcomes((_msg, done) => {
      done();
      done();
      throw new Error('late');
    }),
    [[undefined]],
  );
});

const words = (key: string, args: object = {}): string => `${key} ${JSON.stringify(args)}`;

test('`refuseInput()` gives done the words that say that the node is not configured', () => {
  const node = new EventEmitter();
  refuseInput<object>(node, words);
  const calls: unknown[] = [];
  node.emit('input', {}, undefined, (error: unknown) => calls.push(error));
  assert.match(String(calls), /error\.NOT_CONFIGURED/);
});

test('`handleInput()` refuses what is more than may wait, until one of those is done', async () => {
  const node = new EventEmitter();
  const waiting: Done[] = [];
  const hold = (_msg: object, done: Done): undefined => {
    waiting.push(done);
  };
  handleInput<object>(node, hold, (error) => new Error((error as MonitoringError).code), 2);
  const outcomes: string[] = [];
  const send = (): void => {
    node.emit('input', {}, undefined, (error: unknown) => outcomes.push(String(error)));
  };
  for (let n = 0; n < 3; n += 1) send();
  assert.deepEqual(outcomes, ['Error: TOO_MANY_WAITING']);
  waiting[0]?.();
  send();
  assert.equal(waiting.length, 3);
  assert.deepEqual(outcomes, ['Error: TOO_MANY_WAITING', 'undefined']);
});

/** A node and its reporter; what the node raised by itself, where Catch nodes see it, and what it logged. */
function reporting() {
  const raised: string[] = [];
  const logged: string[] = [];
  const node = {
    status: () => undefined,
    log: (text: string) => void logged.push(text),
    warn: assert.fail,
    error: (text: string) => void raised.push(text),
    on: () => undefined,
  };
  const events = new EventEmitter();
  const reporter = new StatusReporter(node, words, events);
  events.emit('flows:started');
  return { raised, logged, reporter };
}

const cause = new MonitoringError('HTTP_STATUS', { status: 503 });

test('`showFailure()` shows the failure, and gives it in words with its cause: only `done` takes it to Catch nodes', () => {
  const { raised, logged, reporter } = reporting();
  const error = showFailure(reporter, cause, words);
  assert.equal(error.message, 'error.HTTP_STATUS {"status":503}');
  assert.equal(error.cause, cause);
  assert.deepEqual(raised, []);
  reporter.report('ok', 'fine');
  assert.deepEqual(logged, [words('fine')]);
});

test('`reportFailure()` shows the failure, and raises it for Catch nodes once', () => {
  const { raised, reporter } = reporting();
  for (let n = 0; n < 2; n += 1) reportFailure(reporter, cause, words);
  assert.deepEqual(raised, [words('sentence.failed', { reason: 'error.HTTP_STATUS {"status":503}' })]);
});
