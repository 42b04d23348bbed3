import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { FlowsState } from '../../../../plugins/monitoring-page/io/flows-state.ts';
import { LongPoll, MOST_WAITING } from '../../../../plugins/monitoring-page/io/long-poll.ts';

const NOW = { boot: 'b', number: 7, alerts: 1 };

test('a reader who knows all waits until there is news, one who does not is answered at once', async (t) => {
  let present = NOW;
  const poll = new LongPoll(() => present);
  for (const known of [undefined, { ...NOW, number: 6 }, { ...NOW, alerts: 0 }, { ...NOW, boot: 'a' }])
    assert.equal(await poll.hold(known, t.signal), true);
  const held = poll.hold(NOW, t.signal);
  present = { ...NOW, number: 8 };
  assert.equal(await held, true);
});

test('where too many wait one more is refused, nobody is pushed out, and there is room again', async () => {
  const leaving = new AbortController();
  const poll = new LongPoll(() => NOW);
  const held = Array.from({ length: MOST_WAITING }, () => poll.hold(NOW, leaving.signal));
  assert.equal(await poll.hold(NOW, leaving.signal), false);
  leaving.abort();
  assert.ok((await Promise.all(held)).every((isAnswered) => isAnswered));
  assert.equal(await poll.hold(undefined, new AbortController().signal), true);
});

test('flows that somebody stopped are told from flows that run', () => {
  const events = new EventEmitter();
  const flows = new FlowsState(events);
  assert.equal(flows.haveStarted, false);
  events.emit('flows:started');
  assert.deepEqual([flows.run, flows.haveStarted], [true, true]);
  for (const [payload, run] of [
    [{ state: 'stop' }, false],
    [{ state: 'start' }, true],
    [{ state: 'safe' }, false],
  ] as const) {
    events.emit('runtime-event', { id: 'runtime-state', payload });
    assert.equal(flows.run, run);
  }
  for (const event of [null, 7, { id: 'other', payload: { state: 'start' } }]) events.emit('runtime-event', event);
  assert.equal(flows.run, false);
});
