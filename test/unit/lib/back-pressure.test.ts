import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { followPressure, PressureSource } from '../../../lib/back-pressure.ts';

function follow(bus: EventEmitter): { heard: boolean[]; stop: () => void } {
  const heard: boolean[] = [];
  return { heard, stop: followPressure(bus, (paused) => heard.push(paused)) };
}

test('a reader hears when a server is nearly full and when it has room again', () => {
  const bus = new EventEmitter();
  const server = new PressureSource(bus, 'a');
  const { heard } = follow(bus);
  server.set(true);
  server.set(false);
  assert.deepEqual(heard, [true, false]);
});

test('a server that says the same again is quiet', () => {
  const bus = new EventEmitter();
  const server = new PressureSource(bus, 'a');
  const { heard } = follow(bus);
  for (const full of [false, true, true, false, false]) server.set(full);
  assert.deepEqual(heard, [true, false]);
});

test('a reader goes on when the last of several full servers has room', () => {
  const bus = new EventEmitter();
  const [one, other] = [new PressureSource(bus, 'a'), new PressureSource(bus, 'b')];
  const { heard } = follow(bus);
  one.set(true);
  other.set(true);
  one.set(false);
  assert.deepEqual(heard, [true]);
  other.set(false);
  assert.deepEqual(heard, [true, false]);
});

test('a reader that starts while a server is full hears it at once, and other readers hear nothing new', () => {
  const bus = new EventEmitter();
  const server = new PressureSource(bus, 'a');
  const early = follow(bus);
  server.set(true);
  const late = follow(bus);
  assert.deepEqual([early.heard, late.heard], [[true], [true]]);
});

test('a server that closes lets the readers go and answers no more', () => {
  const bus = new EventEmitter();
  const server = new PressureSource(bus, 'a');
  const { heard } = follow(bus);
  server.set(true);
  server.close();
  assert.deepEqual(heard, [true, false]);
  assert.deepEqual(follow(bus).heard, []);
});

test('a reader that stopped hears nothing, and leaves no listener behind', () => {
  const bus = new EventEmitter();
  const server = new PressureSource(bus, 'a');
  const { heard, stop } = follow(bus);
  stop();
  server.set(true);
  server.close();
  assert.deepEqual(heard, []);
  assert.deepEqual(bus.eventNames(), []);
});
