// Risk: the webhook is away for a moment, a minute, an hour, a day: alerts are lost, out of order, or come as a storm.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startChatService } from '../../support/chat-services.ts';
import { startNodeRed } from '../../support/node-red.ts';
import { alertMsg, destinationOf, endOf } from '../../support/notify.ts';
import { handOver, notifyFlow } from '../../support/notify-flow.ts';
import { openOutbox } from '../../support/outbox.ts';
import { until } from '../../support/until.ts';

const MINUTE_MS = 60_000;

for (const { span, awayMs, speed, isDigest } of [
  { span: 'a minute', awayMs: MINUTE_MS, speed: 60, isDigest: false },
  { span: 'an hour', awayMs: 60 * MINUTE_MS, speed: 1_200, isDigest: true },
  { span: 'a day', awayMs: 24 * 60 * MINUTE_MS, speed: 20_000, isDigest: true },
]) {
  test(`the webhook is away for ${span}: everything is told, in order, and without a storm`, {
    timeout: 60_000,
  }, async (t) => {
    const slack = await startChatService(t, 'slack');
    slack.instead = () => 'gone';
    const box = openOutbox(t, { destination: destinationOf(slack), speed, random: Math.random });
    const beganMs = box.clock.nowMs();
    const number = 30;
    const msgs = Array.from({ length: number }, (_, index) => alertMsg({ alert_name: `n${index}.`, alert_key: '' }));
    for (const [index, msg] of msgs.entries()) {
      await until(() => box.clock.nowMs() >= beganMs + (awayMs / number) * index);
      await box.take(msg);
      // Every third is over before anybody heard of it.
      if (index % 3 === 0) await box.take(endOf(msg));
    }
    await until(() => box.clock.nowMs() >= beganMs + awayMs);
    const tries = slack.posts.length;
    slack.instead = undefined;
    await box.empty(20_000);
    t.diagnostic(`${tries} tries while it was away, ${slack.shown.length} messages after`);
    assert.ok(tries < 15 + awayMs / MINUTE_MS / 2, `${tries} tries`);
    assert.ok(slack.shown.length <= (isDigest ? 3 : 8), `${slack.shown.length} messages`);
    const shown = slack.shown.join('\n');
    const namesOf = (said: RegExp): number[] => [...shown.matchAll(said)].map(([, name]) => Number(name));
    const firing = namesOf(/FIRING error: n(\d+)\./g);
    const over = namesOf(/WAS FIRING for .*: n(\d+)\./g);
    const of = (isOver: boolean): number[] =>
      msgs.map((_, index) => index).filter((index) => (index % 3 === 0) === isOver);
    assert.deepEqual(firing, of(false));
    assert.deepEqual(over, of(true));
    assert.equal(/Not told from .* to .*: web1: 20 firing, 10 over/.test(shown), isDigest);
    assert.deepEqual(slack.breaches, []);
    for (const msg of msgs.filter((_, index) => index % 3 !== 0)) await box.take(endOf(msg));
    await box.empty(20_000);
    assert.equal(slack.shown.join('\n').match(/RESOLVED/g)?.length, 20);
  });
}

test('Node-RED, the webhook away for a moment: each alert comes once, in order', { timeout: 120_000 }, async (t) => {
  const json = await startChatService(t, 'json');
  json.instead = () => ({ status: 503 });
  const red = await startNodeRed(t, { flow: notifyFlow(json), env: { ALERT_WEBHOOK_URL: json.address } });
  await red.logged(/Started flows/);
  const first = alertMsg();
  for (const msg of [first, alertMsg(), endOf(first)]) await handOver(red.url, msg);
  await until(() => json.posts.length >= 3);
  json.instead = undefined;
  await until(() => json.shown.length > 0);
  const alerts = json.posts.flatMap(({ body }, index) =>
    index < json.posts.length - json.shown.length ? [] : (JSON.parse(body) as { alerts: { told_as: string }[] }).alerts,
  );
  assert.deepEqual(
    alerts.map(({ told_as: said }) => said),
    ['brief', 'firing'],
  );
  await red.stop();
  assert.doesNotMatch(red.log(), /s3cret/);
});
