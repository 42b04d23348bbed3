import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDelivery } from '../../../../support/delivery.ts';
import { temporaryFolder } from '../../../../support/folder.ts';
import { receiveTcp } from '../../../../support/graylog.ts';
import { freePort } from '../../../../support/ports.ts';
import { until } from '../../../../support/until.ts';

const SLOW = { confirmSeconds: '60' };

test('`settle()` resolves once what was shipped is on disk, long before its peer confirms it', async (t) => {
  const receiver = await receiveTcp(t);
  const { delivery, ship } = openDelivery(t, { url: `tcp://127.0.0.1:${receiver.port}`, config: SLOW });
  let safe = 0;
  const count = (): void => {
    safe += 1;
  };
  for (let n = 0; n < 500; n += 1) delivery.shipFields(message(n), undefined, count);
  await delivery.settle();
  assert.equal(safe, 500);
  assert.equal(delivery.counters.sent, 0);
  await ship(500, 501);
});

test('it resolves while the server is away, once all is on disk', async (t) => {
  const { delivery } = openDelivery(t, { url: `tcp://127.0.0.1:${await freePort()}`, config: SLOW });
  let safe = 0;
  const count = (): void => {
    safe += 1;
  };
  for (let n = 0; n < 500; n += 1) delivery.shipFields(message(n), undefined, count);
  await delivery.settle();
  assert.equal(safe, 500);
});

test('without a disk it waits for the confirmation', async (t) => {
  const receiver = await receiveTcp(t);
  const config = { confirmSeconds: '1', diskMegabytes: '0' };
  const { delivery } = openDelivery(t, { url: `tcp://127.0.0.1:${receiver.port}`, userDir: temporaryFolder(), config });
  delivery.shipFields(message(1), undefined, () => undefined);
  await until(() => receiver.documents.length > 0);
  await delivery.settle();
  assert.equal(delivery.counters.sent, 1);
});

test('a server that was handed nothing settles at once, and counts what a source lost', async (t) => {
  const { delivery } = openDelivery(t, { url: `tcp://127.0.0.1:${await freePort()}` });
  await delivery.settle();
  delivery.countLost(7);
  assert.deepEqual([delivery.counters.received, delivery.counters.dropped], [7, 7]);
});

function message(n: number) {
  return { short_message: `line ${n}`, host: 'test', timestamp: 1_795_000_000, level: 6, n };
}
