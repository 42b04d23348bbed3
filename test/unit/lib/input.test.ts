import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { MonitoringError } from '../../../lib/errors.ts';
import { handleInput, refuseInput, reportFailure } from '../../../lib/input.ts';
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

test('`reportFailure()` shows the failure, and gives it in words with its cause', () => {
  const raised: string[] = [];
  const node = {
    status: () => undefined,
    log: assert.fail,
    warn: assert.fail,
    error: (text: string) => raised.push(text),
  };
  const cause = new MonitoringError('HTTP_STATUS', { status: 503 });
  const error = reportFailure(new StatusReporter(node, words), cause, words);
  assert.equal(error.message, 'error.HTTP_STATUS {"status":503}');
  assert.equal(error.cause, cause);
  assert.deepEqual(raised, [words('status.failed', { reason: error.message })]);
});
