// Risk: several Graylog nodes behind a balancer of TCP, of which one comes later or goes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDelivery } from '../../support/delivery.ts';
import { receiveTcp } from '../../support/graylog.ts';
import { balancer, startBalancer } from '../../support/nginx.ts';
import { gap } from '../../support/pace.ts';
import { freePort } from '../../support/ports.ts';
import { until } from '../../support/until.ts';

const HOSTS = 12;

test('the renewal that confirms moves hosts to a node that comes, and away from one that goes; nothing is lost', {
  ...balancer,
  timeout: 120_000,
}, async (t) => {
  const first = await receiveTcp(t);
  const laterPort = await freePort();
  const port = await startBalancer(t, [first.port, laterPort]);
  const hosts = Array.from({ length: HOSTS }, () =>
    openDelivery(t, { url: `tcp://127.0.0.1:${port}`, config: { confirmSeconds: '0.5' } }),
  );
  let shipped = 0;
  const feed = async (holds: () => boolean, ms: number): Promise<void> => {
    const end = Date.now() + ms;
    while (!holds()) {
      assert.ok(Date.now() < end, String(holds));
      await Promise.all(hosts.map(({ ship }) => ship(shipped, shipped + 1)));
      shipped += 1;
      await gap(50);
    }
  };
  await feed(() => first.documents.length > 5 * HOSTS, 30_000);

  const later = await receiveTcp(t, { port: laterPort });
  await feed(() => later.documents.length > HOSTS, 30_000);
  const [before, after] = [first.documents.length, later.documents.length];
  await feed(() => first.documents.length + later.documents.length > before + after + 60 * HOSTS, 60_000);
  const share = (later.documents.length - after) / (60 * HOSTS);
  assert.ok(share > 0.25 && share < 0.75, `the later node has ${share} of the records`);

  await later.close();
  const had = first.documents.length;
  await feed(() => first.documents.length > had + 20 * HOSTS, 60_000);
  await until(() => hosts.every(({ delivery }) => delivery.counters.sent === shipped), 60_000);
  const numbers = [...first.documents, ...later.documents].map(({ _n }) => Number(_n));
  for (let n = 0; n < shipped; n += 1) {
    const count = numbers.filter((one) => one === n).length;
    assert.ok(count >= HOSTS, `${count} of the hosts' records ${n}`);
  }
  t.diagnostic(
    `${HOSTS * shipped} records, ${numbers.length - HOSTS * shipped} of them twice; share ${share.toFixed(2)}`,
  );
});
