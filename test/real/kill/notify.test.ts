// Risk: kill -9 of Node-RED while alerts wait to be told: they are lost, or told twice.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startChatService } from '../../support/chat-services.ts';
import { startNodeRed } from '../../support/node-red.ts';
import { alertMsg, endOf } from '../../support/notify.ts';
import { handOver, notifyFlow } from '../../support/notify-flow.ts';
import { until } from '../../support/until.ts';

test('what a msg was done for is told after a kill -9, once and in order; what was told is not told again', {
  timeout: 180_000,
}, async (t) => {
  const json = await startChatService(t, 'json');
  const userDir = mkdtempSync(join(tmpdir(), 'infra-monitoring-'));
  t.after(() => rmSync(userDir, { recursive: true, force: true, maxRetries: 5 }));
  const start = { userDir, flow: notifyFlow(json), env: { ALERT_WEBHOOK_URL: json.address } };
  const first = await startNodeRed(t, start);
  await first.logged(/Started flows/);
  const told = alertMsg({ alert_name: 'told' });
  await handOver(first.url, told);
  await until(() => json.shown.length === 1);
  json.instead = () => 'gone';
  const waiting = Array.from({ length: 20 }, (_, index) => alertMsg({ alert_name: `n${index}` }));
  for (const msg of waiting) await handOver(first.url, msg);
  await first.kill();
  json.instead = undefined;
  json.posts.length = 0;
  const second = await startNodeRed(t, start);
  await second.logged(/Started flows/);
  await until(() => json.posts.length > 0);
  // The transitions of the last minute go out again.
  for (const msg of [told, ...waiting]) await handOver(second.url, msg);
  await handOver(second.url, endOf(told));
  const namesOf = (): string[] =>
    json.posts
      .flatMap(({ body }) => (JSON.parse(body) as { alerts: { alert_name: string }[] }).alerts)
      .map((alert) => alert.alert_name);
  await until(() => namesOf().length >= waiting.length + 1);
  assert.deepEqual(namesOf(), [...waiting.map(({ payload }) => payload.alert_name), 'told']);
});
