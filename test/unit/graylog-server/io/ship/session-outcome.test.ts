import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WakeableWait } from '../../../../../lib/io/wait.ts';
import { Failover } from '../../../../../nodes/graylog-server/io/ship/failover.ts';
import { SessionOutcome } from '../../../../../nodes/graylog-server/io/ship/session-outcome.ts';
import { endpointsNamed, MemoryTransport } from '../../../../support/transport.ts';

const LOST = new Error('lost');

/** An outcome, and what is heard of it. */
function bench() {
  const closing = new AbortController();
  const heard: string[] = [];
  const failover = new Failover({
    endpoints: () => endpointsNamed('a', 'b'),
    createTransport: () => new MemoryTransport(),
  });
  const outcome = new SessionOutcome({
    failover,
    closing: closing.signal,
    idle: new WakeableWait(closing.signal),
    onServing: (name) => heard.push(`serving ${name}`),
    onAway: (name, error) => heard.push(`away ${name}: ${(error as Error).message}`),
  });
  /** The endpoint that is tried first from now on. */
  const next = async (): Promise<string | undefined> => (await failover.openFirst(closing.signal)).opened?.name;
  return { outcome, heard, closing, next };
}

test('that the server takes records is said once, and again where it goes on at another endpoint', () => {
  const { outcome, heard } = bench();
  outcome.switchTo('b');
  assert.deepEqual(heard, []);
  outcome.serve('b');
  outcome.serve('b');
  outcome.switchTo('a');
  assert.deepEqual(heard, ['serving b', 'serving a']);
});

test('the first failure is the one that is said, and nothing serves after it', () => {
  const { outcome, heard } = bench();
  outcome.fail(0, 'a', LOST);
  outcome.fail(1, 'b', new Error('too late'));
  outcome.serve('b');
  outcome.switchTo('b');
  assert.equal(outcome.hasFailed, true);
  assert.deepEqual(heard, ['away a: lost']);
  assert.deepEqual(outcome.end({ index: 1, name: 'b' }, false), { name: 'a', error: LOST, hasDelivered: false });
});

test('while the shipper closes a failure is no news', () => {
  const { outcome, heard, closing } = bench();
  closing.abort();
  outcome.fail(0, 'a', LOST);
  assert.deepEqual(heard, []);
  assert.equal(outcome.end({ index: 0, name: 'a' }, false).error, LOST);
});

test('an endpoint that failed and delivered nothing goes behind the others', async () => {
  const { outcome, next } = bench();
  outcome.fail(0, 'a', LOST);
  outcome.end({ index: 0, name: 'a' }, false);
  assert.equal(await next(), 'tcp://b:1');
});

test('one that delivered before it failed keeps its place', async () => {
  const { outcome, next } = bench();
  outcome.delivered(0);
  outcome.fail(0, 'a', LOST);
  assert.equal(outcome.end({ index: 0, name: 'a' }, false).hasDelivered, true);
  assert.equal(await next(), 'tcp://a:1');
});

test('one that need not confirm has delivered where its connection held', () => {
  const { outcome } = bench();
  assert.deepEqual(outcome.end({ index: 0, name: 'a' }, true), { name: 'a', error: undefined, hasDelivered: true });
  assert.equal(bench().outcome.end({ index: 0, name: 'a' }, false).hasDelivered, false);
});
