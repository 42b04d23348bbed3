// Risk: nobody notices that the monitor itself is dead, or that it delivers nothing.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { receiveTcp } from '../../support/graylog.ts';
import { packageRoot, startNodeRed } from '../../support/node-red.ts';
import { until } from '../../support/until.ts';

interface Part {
  id: string;
  type: string;
}

const EXAMPLE = JSON.parse(readFileSync(join(packageRoot, 'flows/who-watches-the-watcher.json'), 'utf8')) as Part[];
/** A minute of the example takes 200 ms. */
const QUICK: { [type: string]: object } = { uptime: { interval: '1' } };
const green = 'who-watches-the-watcher-green';

test('the example pings while records are delivered, and no longer, until they are again', async (t) => {
  const asked = { '/ping': 0, '/tick': 0 };
  const service = createServer(({ url }, response) => {
    asked[url as keyof typeof asked] += 1;
    response.end('OK');
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  t.after(() => service.close().closeAllConnections());
  const graylog = await receiveTcp(t);
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  const minute = EXAMPLE.find(({ type }) => type === 'inject');
  // Asked each of its minutes, whatever is delivered.
  const tick = {
    ...EXAMPLE.find(({ type }) => type === 'http-check'),
    id: 'tick',
    url: `${url}/tick`,
    wires: [[], []],
  };
  const flow = EXAMPLE.map((part) => ({ ...part, ...QUICK[part.type] }));
  const red = await startNodeRed(t, {
    flow: [...flow.filter(({ id }) => id !== minute?.id), { ...minute, repeat: '0.2', wires: [[green, 'tick']] }, tick],
    env: {
      PING_URL: `${url}/ping`,
      LOGGING_URL: `tcp://127.0.0.1:${graylog.port}`,
    },
  });
  await until(() => asked['/ping'] >= 3);
  await graylog.find(({ _log_type: type, _check_name: name }) => type === 'http_check' && name === 'ping');

  graylog.reset();
  await graylog.close();
  await red.logged(/cannot be reached, records wait/, 30_000);
  // One may be on its way.
  const ticks = asked['/tick'];
  await until(() => asked['/tick'] >= ticks + 2);
  const pings = asked['/ping'];
  await until(() => asked['/tick'] >= ticks + 7);
  assert.equal(asked['/ping'], pings, 'nothing is delivered');
  await receiveTcp(t, { port: graylog.port });
  await until(() => asked['/ping'] > pings + 2, 40_000);
});
