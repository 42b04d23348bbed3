// Risk: each part works, and an alert does not come through.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { receiveTcp } from '../../support/graylog.ts';
import { packageRoot, startNodeRed } from '../../support/node-red.ts';
import { freePort } from '../../support/ports.ts';
import { until } from '../../support/until.ts';

interface Part {
  type: string;
  [property: string]: unknown;
}

test('an endpoint that goes down is an alert in Graylog and at the webhook', async (t) => {
  const receiver = await receiveTcp(t);
  const posted: { text: string }[] = [];
  const webhook = createServer((request, response) => {
    let body = '';
    request.on('data', (data) => {
      body += data;
    });
    request.on('end', () => {
      posted.push(JSON.parse(body));
      response.end('ok');
    });
  });
  webhook.listen(0, '127.0.0.1');
  await once(webhook, 'listening');
  t.after(() => webhook.close());
  const { port } = webhook.address() as AddressInfo;

  const flow = JSON.parse(readFileSync(join(packageRoot, 'flows/infrastructure-monitoring.json'), 'utf8')) as Part[];
  for (const part of flow) if (part.type === 'http-check') Object.assign(part, { interval: '1', retries: '1' });
  await startNodeRed(t, {
    flow,
    env: {
      LOGGING_URL: `tcp://127.0.0.1:${receiver.port}`,
      HTTP_CHECK_URL: `http://127.0.0.1:${await freePort()}/`,
      ALERT_WEBHOOK_URL: `http://127.0.0.1:${port}/hook`,
      MONITORED_HOST: 'alert-test',
    },
  });
  const alert = await receiver.find((document) => document._alert_name === 'endpoint down', 30_000);
  assert.equal(alert._log_type, 'alert');
  assert.equal(alert._alert_state, 'firing');
  assert.equal(alert._result_type, 'connection_failed');
  assert.equal(alert.level, 3);
  assert.equal(alert._alert_key, 'node-red');
  await until(() => posted.some(({ text }) => text.includes('endpoint down')), 30_000);
  assert.match(posted[0]?.text ?? '', /alert-test.*endpoint down, node-red/s);
  assert.deepEqual(receiver.faults, []);
});
