// Each kind of message, with every hostile text in it, at a strict imitation of its service.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertOf } from '../../../../nodes/notify/alert.ts';
import { packNext } from '../../../../nodes/notify/pack.ts';
import { plan } from '../../../../nodes/notify/plan.ts';
import { SERVICE_KINDS } from '../../../../nodes/notify/services/index.ts';
import { cleanLine } from '../../../../nodes/notify/text/clean.ts';
import { type Entry, entryOf } from '../../../../nodes/notify/text/entry.ts';
import type { Away } from '../../../../nodes/notify/text/message.ts';
import { type ChatService, startChatService } from '../../../support/chat-services.ts';
import { HOSTILE_TEXTS } from '../../../support/hostile-texts.ts';
import { alertMsg, destinationOf, endOf, NOW_MS, SPEECH } from '../../../support/notify.ts';

const signal = new AbortController().signal;

function entriesOf(msgs: readonly object[], told: 'told' | 'untold' | undefined = undefined): Entry[] {
  const known = told === undefined ? undefined : ({ state: told, severity: 'critical' } as const);
  const { lines } = plan(
    msgs.map((msg) => alertOf(msg, NOW_MS)),
    () => known,
  );
  return lines.map((line) => entryOf(line, NOW_MS, SPEECH));
}

/** Sends all entries; gives how many messages it took. */
async function send(service: ChatService, entries: readonly Entry[], away?: Away, isPlain = false): Promise<number> {
  const { service: kind, target, post } = destinationOf(service);
  let rest = entries;
  let count = 0;
  while (rest.length > 0) {
    const { message, entries: told } = packNext(
      rest,
      kind,
      target,
      { ...SPEECH, isPlain },
      kind.mostMessages - count,
      away,
    );
    const verdict = kind.judge(await post(kind.request(message, target), signal), NOW_MS);
    assert.equal(
      verdict.kind,
      'success',
      `${service.kind}: ${verdict.reason}: ${JSON.stringify(rest[0]?.title).slice(0, 200)}`,
    );
    count += 1;
    rest = rest.slice(told.length);
  }
  return count;
}

for (const kind of SERVICE_KINDS) {
  test(`${kind} takes a message with any text of the reports in every place, and nothing of it breaks out`, async (t) => {
    const service = await startChatService(t, kind);
    for (const text of HOSTILE_TEXTS) {
      const firing = alertMsg({
        message: text,
        alert_name: text || 'n',
        alert_key: text,
        host: text,
        disk_mount: text,
      });
      service.shown.length = 0;
      await send(service, entriesOf([firing]));
      await send(service, entriesOf([firing]), undefined, true);
      await send(service, entriesOf([endOf(firing)], 'told'));
      await send(service, entriesOf([endOf(firing)], 'untold'));
      await send(service, entriesOf([firing, endOf(firing)]));
      await send(
        service,
        entriesOf([firing, alertMsg({ message: text, alert_severity: 'warning' }), endOf(firing)], 'told'),
      );
      await send(service, entriesOf([firing]), { fromMs: NOW_MS - 3_600_000, toMs: NOW_MS });
      assert.deepEqual(service.breaches, [], JSON.stringify(text.slice(0, 80)));
      // What is short stands in it as it was.
      const line = cleanLine(text);
      if (line.length < 100) assert.ok(service.shown[0]?.includes(line), `${service.shown[0]}\nlacks\n${line}`);
    }
  });

  test(`${kind} takes hostile texts all at once, in several messages of which each fits`, async (t) => {
    const service = await startChatService(t, kind);
    const msgs = HOSTILE_TEXTS.map((text) => alertMsg({ message: text, alert_key: text, host: 'web1' }));
    await send(service, entriesOf(msgs));
    assert.deepEqual(service.breaches, []);
  });
}

test('300 alerts make several messages at most, and the last counts those that have no room', async (t) => {
  for (const kind of ['slack', 'mattermost', 'discord', 'teams', 'ntfy', 'telegram'] as const) {
    const service = await startChatService(t, kind);
    const entries = entriesOf(Array.from({ length: 300 }, (_, index) => alertMsg({ alert_key: `/srv/${index}` })));
    assert.ok((await send(service, entries)) <= 5, kind);
    const shown = service.shown.join('\n').match(/\/srv\/\d+/g) ?? [];
    const more = /and (\d+) more/.exec(service.shown.at(-1) ?? '')?.[1];
    assert.equal(new Set(shown).size + Number(more ?? 0), 300, kind);
  }
});

test('plain JSON has every one of 300 alerts with its whole record and its event_id', async (t) => {
  const service = await startChatService(t, 'json');
  const entries = entriesOf(Array.from({ length: 300 }, () => alertMsg({ filler: 'ü'.repeat(900) })));
  const messages = await send(service, entries);
  assert.ok(messages > 1);
  const bodies = service.posts.map(({ body }) => JSON.parse(body) as { alerts: { event_id: string }[] });
  const ids = bodies.flatMap(({ alerts }) => alerts.map(({ event_id: id }) => id));
  assert.deepEqual(
    ids,
    entries.map(({ line }) => line.alert.record.event_id),
  );
  assert.match(String(service.posts[0]?.headers['idempotency-key']), /^event-/);
});

test('a template that names a key of a record makes one request for each alert; a key that is absent is a dash', async (t) => {
  const service = await startChatService(t, 'template');
  Object.assign(service, {
    template:
      '{"text": "{{alert_id}} {{nothing}} {{constructor}} {{disk_used_percent}} {{message}}", "n": 1, "{{x}}": [true]}',
  });
  await send(
    service,
    entriesOf([alertMsg({ alert_id: 'a', message: '{{alert_key}}"\\\n' }), alertMsg({ alert_id: 'b' })]),
  );
  assert.equal(service.posts.length, 2);
  const bodies = service.posts.map(({ body }) => JSON.parse(body) as { text: string });
  assert.equal(bodies[0]?.text, 'a – – 93.1 % {{alert_key}}"\\');
});

test('a text is cut by whole characters before it is escaped, whatever the service counts', async (t) => {
  for (const kind of SERVICE_KINDS) {
    const service = await startChatService(t, kind);
    for (const character of ['&', '<', '🚀', '👨‍👩‍👧', '*', '{{'])
      await send(service, entriesOf([alertMsg({ message: character.repeat(8_000) })]));
    for (const shown of service.shown) assert.ok(shown.isWellFormed(), kind);
    assert.deepEqual(service.breaches, []);
  }
});

test('the loudness follows the severity, and an end is never louder than its beginning', async (t) => {
  const priority = async (msgs: object[], told?: 'told'): Promise<number> => {
    const service = await startChatService(t, 'ntfy');
    await send(service, entriesOf(msgs, told));
    return (JSON.parse(service.posts[0]?.body ?? '') as { priority: number }).priority;
  };
  const firing = (severity: string) => alertMsg({ alert_severity: severity });
  const found = await Promise.all(
    ['critical', 'error', 'warning', 'notice'].map((severity) => priority([firing(severity)])),
  );
  assert.deepEqual(found, [5, 4, 3, 2]);
  assert.equal(await priority([endOf(firing('critical'))], 'told'), 2);
  assert.equal(await priority([{ ...firing('critical'), alert_quiet: true }]), 2);
  assert.equal(await priority([firing('warning'), endOf(firing('critical'))]), 3);

  const isSilent = async (msgs: object[], told?: 'told'): Promise<boolean> => {
    const service = await startChatService(t, 'telegram');
    await send(service, entriesOf(msgs, told));
    return (JSON.parse(service.posts[0]?.body ?? '') as { disable_notification: boolean }).disable_notification;
  };
  assert.equal(await isSilent([firing('warning')]), false);
  assert.equal(await isSilent([firing('notice')]), true);
  assert.equal(await isSilent([endOf(firing('critical'))], 'told'), true);
});
