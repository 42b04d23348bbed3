import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { say, whenAsked } from '../../../lib/bus.ts';
import { HeldBack, isHeldInCircle, PausedSources } from '../../../nodes/alert/held-back.ts';

const alert = (id: string, state: 'firing' | 'resolved', name = 'docker away') =>
  ({ node: 'n', name, key: '', id, state, severity: 'error', sinceMs: 1, isTold: true }) as const;

test('an alert is held back while any of that name fires, and no longer once its node is gone after a Deploy', () => {
  const bus = new EventEmitter();
  let isThere = true;
  whenAsked(bus, 'infra-monitoring:alert', () => {
    if (isThere) say(bus, 'infra-monitoring:alert', alert('b', 'firing'));
  });
  const held = new HeldBack(bus, 'docker away');
  assert.equal(held.isHeld, true);
  say(bus, 'infra-monitoring:alert', alert('a', 'firing'));
  say(bus, 'infra-monitoring:alert', alert('b', 'resolved'));
  say(bus, 'infra-monitoring:alert', alert('a', 'resolved', 'other'));
  assert.equal(held.isHeld, true);
  isThere = false;
  held.askAgain();
  assert.equal(held.isHeld, false);
  held.close();
  say(bus, 'infra-monitoring:alert', alert('c', 'firing'));
  assert.equal(held.isHeld, false);
});

test('alerts that hold each other back, over one or several others, are found', () => {
  const node = (name: string, heldBy = '') => ({ type: 'alert', name, heldBy });
  assert.equal(isHeldInCircle('a', 'b', [node('a', 'b'), node('b', 'c'), node('c', 'a')]), true);
  assert.equal(isHeldInCircle('a', 'b', [node('a', 'b'), node('b', 'c'), node('c', 'b')]), false);
  assert.equal(isHeldInCircle('a', 'b', [node('a', 'b'), node('b')]), false);
  assert.equal(isHeldInCircle('', '', []), false);
});

test('sources pause while a buffer is full', () => {
  const bus = new EventEmitter();
  const paused = new PausedSources(bus);
  assert.equal(paused.isPaused, false);
  say(bus, 'infra-monitoring:pressure', { server: 'g', full: true });
  assert.equal(paused.isPaused, true);
  say(bus, 'infra-monitoring:pressure', { server: 'g', full: false });
  assert.equal(paused.isPaused, false);
  paused.close();
});
