import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { answerSources, PressureSource, WindowSource } from '../../../lib/back-pressure.ts';
import { ask, type Bus, type ConfirmationWindow, hear, type Pressure, say } from '../../../lib/bus.ts';

function pressuresOn(bus: Bus): Pressure[] {
  const heard: Pressure[] = [];
  hear(bus, 'infra-monitoring:pressure', (pressure) => heard.push(pressure));
  return heard;
}

function windowsOn(bus: Bus): ConfirmationWindow[] {
  const heard: ConfirmationWindow[] = [];
  hear(bus, 'infra-monitoring:window', (one) => heard.push(one));
  return heard;
}

test('a server says when it is nearly full and when it has room again, and the same not twice', () => {
  const bus = new EventEmitter();
  const heard = pressuresOn(bus);
  const server = new PressureSource(bus, 'a');
  for (const full of [false, true, true, false, false]) server.set(full);
  assert.deepEqual(heard, [
    { server: 'a', full: true },
    { server: 'a', full: false },
  ]);
});

test('a server that is nearly full says so to who asks, and one that has room is silent', () => {
  const bus = new EventEmitter();
  const server = new PressureSource(bus, 'a');
  new PressureSource(bus, 'b').set(false);
  server.set(true);
  const heard = pressuresOn(bus);
  ask(bus, 'infra-monitoring:pressure');
  assert.deepEqual(heard, [{ server: 'a', full: true }]);
});

test('a server that closes lets its sources go and answers no more', () => {
  const bus = new EventEmitter();
  const server = new PressureSource(bus, 'a');
  server.set(true);
  const heard = pressuresOn(bus);
  server.close();
  ask(bus, 'infra-monitoring:pressure');
  assert.deepEqual(heard, [{ server: 'a', full: false }]);
});

test('a server says its window at once, at a change, and to who asks, until it closes', () => {
  const bus = new EventEmitter();
  const early = windowsOn(bus);
  const server = new WindowSource(bus, 'a', 5_000);
  server.set(5_000);
  server.set(7_000);
  const late = windowsOn(bus);
  ask(bus, 'infra-monitoring:window');
  server.close();
  ask(bus, 'infra-monitoring:window');
  assert.deepEqual(
    early.map(({ ms }) => ms),
    [5_000, 7_000, 7_000],
  );
  assert.deepEqual(late, [{ server: 'a', ms: 7_000 }]);
});

test('what others say on the bus is checked, and one hearer that throws does not keep the others from hearing', () => {
  const bus = new EventEmitter();
  hear(bus, 'infra-monitoring:pressure', () => {
    throw new Error('odd');
  });
  const [pressures, windows] = [pressuresOn(bus), windowsOn(bus)];
  for (const odd of [
    undefined,
    null,
    'a',
    7,
    {},
    { server: 1, full: true },
    { server: 'a', full: 1 },
    { server: 'a', ms: -1 },
  ]) {
    bus.emit('infra-monitoring:pressure', odd);
    bus.emit('infra-monitoring:window', odd);
  }
  for (const ms of [Number.NaN, Number.POSITIVE_INFINITY, 1e9, '1'])
    bus.emit('infra-monitoring:window', { server: 'a', ms });
  assert.deepEqual([pressures, windows], [[], []]);
  bus.emit('infra-monitoring:pressure', { server: 'a', full: true });
  assert.equal(pressures.length, 1);
});

test('a server settles and counts for the sources that mean it, until it is closed', () => {
  const bus = new EventEmitter();
  const counted: number[] = [];
  const side = { settle: () => Promise.resolve(), countLost: (count: number) => void counted.push(count) };
  const leave = answerSources(bus, 's1', side);
  const asked = (servers: ReadonlySet<string> | 'all'): number => {
    const answers: Promise<void>[] = [];
    say(bus, 'infra-monitoring:settle', { servers, until: (answer) => void answers.push(answer) });
    say(bus, 'infra-monitoring:lost', { servers, count: 2 });
    return answers.length;
  };
  assert.deepEqual([asked('all'), asked(new Set(['s1'])), asked(new Set(['s2'])), asked(new Set())], [1, 1, 0, 0]);
  bus.emit('infra-monitoring:lost', { servers: ['s1'], count: 2 });
  bus.emit('infra-monitoring:lost', { servers: 'all', count: -2 });
  bus.emit('infra-monitoring:settle', { servers: 'all', until: 1 });
  leave();
  assert.deepEqual([asked('all'), counted], [0, [2, 2]]);
});
