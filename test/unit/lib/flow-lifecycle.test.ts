import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { closeWithState, onEveryDeploy, onFlowsStarted } from '../../../lib/flow-lifecycle.ts';

test('onFlowsStarted() starts every node once, and takes one listener for all of them', () => {
  const events = new EventEmitter();
  const started: number[] = [];
  for (let n = 0; n < 50; n += 1) onFlowsStarted(events, () => started.push(n), assert.ifError);
  assert.equal(events.listenerCount('flows:started'), 1);
  events.emit('flows:started');
  events.emit('flows:started');
  assert.equal(started.length, 50);
});

test('onFlowsStarted() does not start what was called off, and leaves no listener behind', () => {
  const events = new EventEmitter();
  const started: string[] = [];
  const cancel = onFlowsStarted(events, () => started.push('a'), assert.ifError);
  const other = onFlowsStarted(events, () => started.push('b'), assert.ifError);
  cancel();
  events.emit('flows:started');
  other();
  assert.deepEqual(started, ['b']);
  onFlowsStarted(events, () => started.push('c'), assert.ifError)();
  assert.equal(events.listenerCount('flows:started'), 0);
});

test('a start that throws is told to its node, and keeps neither the others from starting nor the emitter from going on', () => {
  const events = new EventEmitter();
  const heard: unknown[] = [];
  const oops = (): never => {
    throw new Error('odd state');
  };
  onFlowsStarted(events, oops, (error) => heard.push(String(error)));
  onFlowsStarted(events, oops, oops);
  onFlowsStarted(events, () => heard.push('started'), assert.ifError);
  events.emit('flows:started');
  assert.deepEqual(heard, ['Error: odd state', 'started']);
});

test('onEveryDeploy() hears every deploy until it is stopped', () => {
  const events = new EventEmitter();
  let deploys = 0;
  const stop = onEveryDeploy(events, () => (deploys += 1));
  events.emit('flows:started');
  events.emit('flows:started');
  stop();
  events.emit('flows:started');
  assert.equal(deploys, 2);
  assert.equal(events.listenerCount('flows:started'), 0);
});

/** Closes a node with the id `a`, and gives what was done. */
async function closeNode(isRemoved: boolean, configured: string[], stop = async () => undefined): Promise<string[]> {
  const node = new EventEmitter() as EventEmitter & { id: string };
  node.id = 'a';
  const done: string[] = [];
  const state = { remove: async () => void done.push('removed') };
  closeWithState(node, (hear) => configured.map((id) => ({ id })).forEach(hear), state, stop);
  await new Promise<void>((resolve) => node.emit('close', isRemoved, resolve));
  return done;
}

test('closeWithState() removes the state of a node that was deleted, and of no other', async () => {
  assert.deepEqual(await closeNode(true, ['b']), ['removed']);
  assert.deepEqual(await closeNode(false, ['b']), [], 'redeployed');
  assert.deepEqual(await closeNode(true, ['a', 'b']), [], 'only disabled');
  assert.deepEqual(await closeNode(true, [], () => Promise.reject(new Error('odd'))), ['removed'], 'a stop that fails');
});
