// Risk: a Deploy in a flood of datagrams loses some of them without a word.

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { test } from 'node:test';
import { receiveTcp } from '../../support/graylog.ts';
import { startNodeRed } from '../../support/node-red.ts';
import { gap, writeEvery } from '../../support/pace.ts';
import { freePort } from '../../support/ports.ts';
import { until } from '../../support/until.ts';

const PER_SECOND = 20_000;
const SECONDS = 4;
const DEPLOYS = 2;

/** Records that were counted as lost, as the log tells them. */
function countedIn(log: string): number {
  const counts = [...log.matchAll(/dropped (\d+) datagrams|(\d+) messages were lost/g)];
  return counts.reduce((sum, [, socket, full]) => sum + Number(socket ?? full), 0);
}

test('what was sent is what arrived and what was counted as lost', { timeout: 120_000 }, async (t) => {
  const receiver = await receiveTcp(t);
  const port = await freePort();
  const place = { z: 'tab1', x: 0, y: 0 };
  const flow = (name: string): object[] => [
    { id: 'tab1', type: 'tab', label: 'relay' },
    { id: 'server1', type: 'graylog-server', name, endpoints: `tcp://127.0.0.1:${receiver.port}`, host: 'relay' },
    {
      id: 'in1',
      ...place,
      type: 'gelf-in',
      transport: 'udp',
      port: String(port),
      address: '127.0.0.1',
      wires: [['out1']],
    },
    { id: 'out1', ...place, type: 'graylog-out', server: 'server1', port: '', wires: [] },
  ];
  const red = await startNodeRed(t, { flow: flow('a'), env: { MONITORED_HOST: 'relay' } });
  await red.logged(/Started flows/);
  const socket = createSocket({ type: 'udp4', sendBufferSize: 4_194_304 });
  t.after(() => socket.close());
  let sent = 0;
  const send = (): void => {
    const text = JSON.stringify({
      version: '1.1',
      host: 'h',
      short_message: `line ${sent}`,
      level: 6,
      timestamp: 1_767_225_600,
      _n: sent,
    });
    socket.send(text, port, '127.0.0.1');
    sent += 1;
  };
  // The port is open a moment after the flows have started: what was sent before does not count.
  let first = 0;
  const own = (n: unknown): boolean => typeof n === 'number' && n >= first;
  await until(() => {
    if (receiver.documents.some(({ _n }) => own(_n))) return true;
    send();
    return false;
  });
  await gap(500);
  const startedMs = performance.now();
  first = sent;
  const stop = writeEvery(1, () => {
    const due = first + Math.floor(((performance.now() - startedMs) / 1_000) * PER_SECOND);
    while (sent < due) send();
  });
  for (let i = 0; i < DEPLOYS; i += 1) {
    await gap((SECONDS * 1_000) / (DEPLOYS + 1));
    const headers = { 'content-type': 'application/json', 'node-red-deployment-type': 'full' };
    await red.api('/flows', { method: 'POST', headers, body: JSON.stringify(flow(`b${i}`)) });
  }
  await gap((SECONDS * 1_000) / (DEPLOYS + 1));
  stop();
  const arrived = (): number => new Set(receiver.documents.map(({ _n }) => _n).filter(own)).size;
  const sum = (): number => arrived() + countedIn(red.log());
  await until(
    () => sum() >= sent - first,
    75_000,
    () => `${sent - first} sent, ${arrived()} arrived, counted: ${countedIn(red.log())}`,
  );
  assert.equal(sum(), sent - first);
  t.diagnostic(`${sent - first} sent, ${arrived()} arrived, ${countedIn(red.log())} counted as lost`);
  assert.deepEqual(receiver.faults, []);
});
