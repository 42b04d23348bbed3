import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { MsgWatchers } from '../../../../lib/io/msg-watchers.ts';

function runtime(types: string[] = [], hooks: string[] = []) {
  const events = new EventEmitter();
  const state = { types, metric: false };
  const eachNode = (hear: (node: { type: string }) => void): void => {
    for (const type of state.types) hear({ type });
  };
  return {
    ...{ state, events, nodes: { eachNode }, log: { metric: () => state.metric } },
    hooks: { has: (name: string) => hooks.includes(name) },
  };
}

test('nobody watches where there is no Complete node, no hook and no metric', () => {
  const watchers = new MsgWatchers(runtime(['debug', 'catch', 'status']));
  assert.deepEqual([watchers.watchDone, watchers.watchAny], [false, false]);
});

for (const hook of ['onSend', 'preRoute', 'preDeliver', 'postDeliver', 'onReceive', 'postReceive', 'onComplete']) {
  test(`whoever has a hook for ${hook} watches`, () => {
    const watchers = new MsgWatchers(runtime([], [hook]));
    assert.deepEqual([watchers.watchDone, watchers.watchAny], [hook === 'onComplete', true]);
  });
}

test('a Complete node is seen once it is deployed, and no more once it is gone', () => {
  const red = runtime();
  const watchers = new MsgWatchers(red);
  red.state.types = ['complete'];
  red.events.emit('flows:started');
  assert.equal(watchers.watchDone, true);
  red.state.types = [];
  red.events.emit('flows:started');
  assert.equal(watchers.watchDone, false);
});

test('a logger that wants metrics watches, and so does nobody need to ask after the close', () => {
  const red = runtime();
  red.state.metric = true;
  assert.equal(new MsgWatchers(red).watchAny, true);
  red.state.metric = false;
  const watchers = new MsgWatchers(red);
  watchers.close();
  assert.equal(watchers.watchAny, true);
  assert.equal(red.events.listenerCount('flows:started'), 1);
});

test("Node-RED's test helper, which has no hooks, is no watcher", () => {
  const { hooks: _, ...red } = runtime();
  assert.equal(new MsgWatchers(red).watchAny, false);
});
