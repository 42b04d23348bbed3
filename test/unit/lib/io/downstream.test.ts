import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { PressureSource, WindowSource } from '../../../../lib/back-pressure.ts';
import { Downstream } from '../../../../lib/io/downstream.ts';
import type { FlowNode } from '../../../../lib/reach.ts';

const CONFIGURED: FlowNode[] = [
  { id: 'A', type: 'graylog-server', name: 'main' },
  { id: 'B', type: 'graylog-server', name: 'other' },
  { id: 'outA', type: 'graylog-out', server: 'A' },
  { id: 'outB', type: 'graylog-out', server: 'B' },
];

function follow(t: TestContext, bus: EventEmitter, wires: string[][], configured = CONFIGURED) {
  const heard: (string | undefined)[] = [];
  const downstream = new Downstream({
    bus,
    node: { wires },
    eachNode: (hear) => configured.forEach(hear),
    paused: (servers) => heard.push(servers),
  });
  t.after(() => downstream.close());
  return { heard, downstream };
}

test('a source pauses for the servers that it reaches and for no other, and hears their names', (t) => {
  const bus = new EventEmitter();
  const [main, other] = [new PressureSource(bus, 'A'), new PressureSource(bus, 'B')];
  const toMain = follow(t, bus, [['outA']]);
  const toBoth = follow(t, bus, [['outA', 'outB']]);
  const toNone = follow(t, bus, []);
  const unknown = follow(t, bus, [['who knows']]);
  other.set(true);
  main.set(true);
  main.set(false);
  other.close();
  assert.deepEqual(toMain.heard, ['main', undefined]);
  assert.deepEqual(toBoth.heard, ['other', 'main, other', 'other', undefined]);
  assert.deepEqual(unknown.heard, toBoth.heard);
  assert.deepEqual(toNone.heard, []);
});

test('a source that starts while its server is full hears it at once', (t) => {
  const bus = new EventEmitter();
  new PressureSource(bus, 'A').set(true);
  assert.deepEqual(follow(t, bus, [['outA']]).heard, ['main']);
  assert.deepEqual(follow(t, bus, [['outB']]).heard, []);
});

test('the reach is asked anew after each deploy', (t) => {
  const bus = new EventEmitter();
  new PressureSource(bus, 'A').set(true);
  const configured = structuredClone(CONFIGURED);
  const { heard } = follow(t, bus, [['outA']], configured);
  (configured[2] as FlowNode).server = 'B';
  bus.emit('flows:started');
  assert.deepEqual(heard, ['main', undefined]);
});

test('a checkpoint stays behind by the longest window of the servers that are reached, and a second', (t) => {
  const bus = new EventEmitter();
  const early = follow(t, bus, [['outA', 'outB']]).downstream;
  assert.equal(early.delayMs, 900, 'until a server has told');
  const server = new WindowSource(bus, 'A', 5_000);
  new WindowSource(bus, 'B', 9_000);
  assert.equal(early.delayMs, 10_000);
  const late = follow(t, bus, [['outA']]).downstream;
  assert.equal(late.delayMs, 6_000);
  server.close();
  assert.equal(late.delayMs, 6_000, 'a redeploy of the server lets no checkpoint jump ahead');
  assert.equal(follow(t, bus, []).downstream.delayMs, 900);
});

test('12 sources and 12 servers: no warning of a leak, and no listener is left behind', async () => {
  const bus = new EventEmitter();
  const warned = once(process, 'warning', { signal: AbortSignal.timeout(50) }).catch(() => undefined);
  const servers = Array.from({ length: 12 }, (_, n) => [
    new PressureSource(bus, `${n}`),
    new WindowSource(bus, `${n}`, 1),
  ]);
  const options = { bus, node: {}, eachNode: () => undefined, paused: () => undefined };
  const sources = Array.from({ length: 12 }, () => new Downstream(options));
  assert.equal(await warned, undefined);
  for (const one of [...servers.flat(), ...sources]) one.close();
  assert.deepEqual(bus.eventNames(), []);
});
