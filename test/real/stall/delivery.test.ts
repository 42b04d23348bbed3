// Risk: the server keeps its connection and stops reading.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasAll, openDelivery } from '../../support/delivery.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { until } from '../../support/until.ts';

const MINUTES = 60_000;

test('a server that stops reading is left for a new connection, and gets everything once it reads again', {
  timeout: 3 * MINUTES,
}, async (t) => {
  const receiver = await receiveTcp(t);
  const { delivery, ship } = openDelivery(t, { url: `tcp://127.0.0.1:${receiver.port}` });
  await ship(0, 1_000);
  await receiver.until((all) => hasAll(all, 1_000));
  receiver.stall(true);
  await ship(1_000, 100_000);
  // The old connection must confirm what was sent over it, and cannot.
  await until(() => receiver.connections >= 2, MINUTES);
  receiver.stall(false);
  // Not in order: it reads what it was sent over the old connection and over the new one at the same time.
  await receiver.until((all) => hasAll(all, 100_000), MINUTES);
  assert.deepEqual(receiver.faults, []);
  assert.equal(delivery.counters.dropped, 0);
});

/** 1.2 s, in the minutes of the dialog. */
const renewMinutes = String(1_200 / 60_000);

// Without an answer to its own end, a sender cannot know whether a peer that stopped reading had read what it was sent.
test('what a server had not read when it was left for a new connection is sent again', async (t) => {
  const receiver = await receiveTcp(t);
  const { delivery, ship } = openDelivery(t, { url: `tcp://localhost:${receiver.port}`, config: { renewMinutes } });
  await ship(0, 1);
  await receiver.until((all) => all.length === 1);
  receiver.stall(true);
  await ship(1, 100);
  await until(() => receiver.connections === 2);
  receiver.reset();
  receiver.stall(false);
  await ship(100, 110);
  await receiver.until((all) => hasAll(all, 110));
  assert.equal(delivery.counters.dropped, 0);
});

test('what a server had not read when Node-RED stopped is sent again after the start', async (t) => {
  const receiver = await receiveTcp(t);
  const url = `tcp://localhost:${receiver.port}`;
  const first = openDelivery(t, { url });
  await first.ship(0, 1);
  await receiver.until((all) => all.length === 1);
  receiver.stall(true);
  await first.ship(1, 100);
  assert.equal(await first.delivery.close(), 0);
  receiver.reset();
  receiver.stall(false);
  const second = openDelivery(t, { url, userDir: first.userDir });
  await second.ship(100, 110);
  await receiver.until((all) => hasAll(all, 110));
});
