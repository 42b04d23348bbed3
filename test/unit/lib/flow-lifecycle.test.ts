import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { onFlowsStarted } from '../../../lib/flow-lifecycle.ts';

test('onFlowsStarted() starts every node once, and takes one listener for all of them', () => {
  const events = new EventEmitter();
  const started: number[] = [];
  for (let n = 0; n < 50; n += 1) onFlowsStarted(events, () => started.push(n));
  assert.equal(events.listenerCount('flows:started'), 1);
  events.emit('flows:started');
  events.emit('flows:started');
  assert.equal(started.length, 50);
});

test('onFlowsStarted() does not start what was called off, and leaves no listener behind', () => {
  const events = new EventEmitter();
  const started: string[] = [];
  const cancel = onFlowsStarted(events, () => started.push('a'));
  const other = onFlowsStarted(events, () => started.push('b'));
  cancel();
  events.emit('flows:started');
  other();
  assert.deepEqual(started, ['b']);
  onFlowsStarted(events, () => started.push('c'))();
  assert.equal(events.listenerCount('flows:started'), 0);
});
